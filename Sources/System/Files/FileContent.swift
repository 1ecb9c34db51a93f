/// What a file is, by how it begins: for messages about files that are something else than expected.
package enum FileContent: String, CaseIterable, Sendable {
  case html = "an HTML page, perhaps an error page in place of a download"
  case gzip = "compressed by gzip"
  case zip = "a zip archive, as PyTorch's .pth and NumPy's .npz are"
  case pickle = "a Python pickle, as older .pth files are"
  case hdf5 = "an HDF5 file, as Keras's .h5 is"
  case numpy = "a NumPy array"
  case matlab = "a MATLAB file"
  case png = "a PNG image"
  case jpeg = "a JPEG image"
  case gif = "a GIF image"
  case webp = "a WebP image"
  case tar = "a tar archive"
  case bzip2 = "compressed by bzip2"
  case xz = "compressed by xz"
  case zstandard = "compressed by Zstandard"
  case sevenZip = "a 7z archive"
  case pdf = "a PDF document"
  case gitLFS = "a Git LFS pointer: the data themselves were not downloaded"
  case program = "a program"
  case idx = "an IDX file, as MNIST's are"
  case json = "JSON text"
  case python = "Python source"
  case text = "a text file"

  /// The bytes that the recognition looks at.
  package static let startLength = 512

  /// Nil where the content is none of these.
  package init?(start: [UInt8]) {
    func begins(_ text: String, at offset: Int = 0) -> Bool {
      start.dropFirst(offset).starts(with: text.utf8)
    }
    func begins(bytes: [UInt8]) -> Bool { start.starts(with: bytes) }
    // Pages may begin with space, a byte order mark, or capitals.
    let words = String(decoding: start.prefix(64), as: UTF8.self).lowercased()
      .drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    let found: FileContent? =
      if words.hasPrefix("<!doctype html") || words.hasPrefix("<html") {
        .html
      } else if begins(bytes: [0x1F, 0x8B]) {
        .gzip
      } else if begins("PK\u{3}\u{4}") {
        .zip
      } else if begins(bytes: [0x80, 0x02]) || begins(bytes: [0x80, 0x03])
        || begins(bytes: [0x80, 0x04])
      {
        .pickle
      } else if begins(bytes: [0x89] + Array("HDF\r\n".utf8)) {
        .hdf5
      } else if begins(bytes: [0x93] + Array("NUMPY".utf8)) {
        .numpy
      } else if begins("MATLAB 5.0") {
        .matlab
      } else if begins(bytes: [0x89] + Array("PNG".utf8)) {
        .png
      } else if begins(bytes: [0xFF, 0xD8, 0xFF]) {
        .jpeg
      } else if begins("GIF8") {
        .gif
      } else if begins("RIFF"), begins("WEBP", at: 8) {
        .webp
      } else if begins("ustar", at: 257) {
        .tar
      } else if begins("BZh") {
        .bzip2
      } else if begins(bytes: [0xFD] + Array("7zXZ".utf8)) {
        .xz
      } else if begins(bytes: [0x28, 0xB5, 0x2F, 0xFD]) {
        .zstandard
      } else if begins(bytes: Array("7z".utf8) + [0xBC, 0xAF]) {
        .sevenZip
      } else if begins("%PDF") {
        .pdf
      } else if begins("version https://git-lfs") {
        .gitLFS
      } else if begins(bytes: [0x7F] + Array("ELF".utf8)) {
        .program
      } else if start.count > 3, start[0] == 0, start[1] == 0, (0x08...0x0E).contains(start[2]),
        (1...4).contains(start[3])
      {
        .idx
      } else if Self.isPython(start) {
        .python
      } else if words.hasPrefix("{\"") || words.hasPrefix("[{") {
        .json
      } else if start.count >= 16, start.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x0A }) {
        .text
      } else {
        nil
      }
    guard let found else { return nil }
    self = found
  }

  /// Whether text is there for people and programs, but of another kind than a spec.
  package var isNoYAML: Bool {
    switch self {
    case .json, .text: false
    case .html, .gzip, .zip, .pickle, .hdf5, .numpy, .matlab, .png, .jpeg, .gif, .webp, .tar,
      .bzip2, .xz, .zstandard, .sevenZip, .pdf, .gitLFS, .program, .idx, .python:
      true
    }
  }

  /// Whether one of the first lines begins as only Python's do.
  private static func isPython(_ start: [UInt8]) -> Bool {
    String(decoding: start, as: UTF8.self).split(separator: "\n").contains { line in
      line.hasPrefix("import ") || line.hasPrefix("from ") && line.contains(" import ")
        || line.hasPrefix("def ") || line.hasPrefix("class ") && line.hasSuffix(":")
        || line.hasPrefix("#!") && line.contains("python") || line.contains(" = dict(")
    }
  }

  /// As in `it is an HTML page, …`.
  package var sentence: String { "it is \(rawValue)" }
}

extension OpenFile {
  /// What the file's first bytes show it to be.
  package func content() throws(FileProblem) -> FileContent? {
    FileContent(start: try bytes(at: 0, count: Swift.min(FileContent.startLength, length)))
  }
}
