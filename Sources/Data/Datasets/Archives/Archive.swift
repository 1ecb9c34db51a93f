import CArchive
import Files

/// The entries of a tar file, plain or compressed, one after the other.
///
/// What a file is compressed by is recognised by content; no other program is started.
final class Archive {
  /// For messages.
  let path: String
  private let archive: OpaquePointer
  /// Keeps what the archive reads from.
  private let source: ArchiveSource

  /// Bytes read from the source at a time.
  private static let block = 1 << 16

  convenience init(path: String) throws(DatasetProblem) {
    let file: OpenFile
    do throws(FileProblem) { file = try OpenFile(path: path) } catch { throw .file(error) }
    try self.init(FileArchiveSource(file), path: path)
  }

  /// - Parameter path: for messages.
  init(_ source: ArchiveSource, path: String) throws(DatasetProblem) {
    guard let archive = archive_read_new() else {
      throw .brokenArchive(path: path, reason: "no memory")
    }
    self.path = path
    self.source = source
    self.archive = archive
    for support in [
      archive_read_support_filter_gzip, archive_read_support_filter_bzip2,
      archive_read_support_filter_xz, archive_read_support_filter_zstd,
      archive_read_support_format_tar,
    ] {
      // A warning says that a filter needs a program; then its files are refused when they come.
      _ = support(archive)
    }
    // `source` lives as long as `self`, and `archive` is freed with `self`.
    let status = archive_read_open(
      archive, Unmanaged.passUnretained(source).toOpaque(), nil,
      { _, source, buffer in
        guard let source, let buffer else { return -1 }
        return Unmanaged<ArchiveSource>.fromOpaque(source).takeUnretainedValue().next(into: buffer)
      }, nil)
    try check(status)
  }

  deinit { archive_read_free(archive) }

  /// Name and size in bytes of the next entry that is a file; nil after the last.
  func next() throws(DatasetProblem) -> (name: String, size: Int)? {
    while true {
      var entry: OpaquePointer?
      let status = archive_read_next_header(archive, &entry)
      if status == ARCHIVE_EOF {
        // Compressed data show themselves where they end; a plain tar file ends with zeros, which
        // the library does not ask for.
        let isPlain = archive_filter_code(archive, 0) == ARCHIVE_FILTER_NONE
        guard !isPlain || source.end.allSatisfy({ $0 == 0 }) else {
          throw .brokenArchive(path: path, reason: "the file is truncated")
        }
        return nil
      }
      try check(status)
      guard let entry, archive_entry_filetype(entry) == regularFile else { continue }
      guard let name = archive_entry_pathname(entry) else { continue }
      return (String(cString: name), Int(archive_entry_size(entry)))
    }
  }

  /// The bytes of the entry that `next` gave, which has said its size.
  ///
  /// - Parameter limit: a larger entry is an error.
  func bytes(size: Int, limit: Int) throws(DatasetProblem) -> [UInt8] {
    guard size >= 0, size <= limit else {
      throw .brokenArchive(
        path: path, reason: "an entry of \(size.grouped) bytes, at most \(limit.grouped) are read")
    }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: min(size, Self.block))
    while bytes.count < size {
      let wanted = min(chunk.count, size - bytes.count)
      let count = chunk.withUnsafeMutableBytes {
        archive_read_data(archive, $0.baseAddress, wanted)
      }
      if count < 0 { try check(Int32(clamping: count)) }
      guard count > 0 else {
        throw .brokenArchive(
          path: path, reason: "an entry ends after \(bytes.count) of \(size) bytes")
      }
      bytes += chunk[..<count]
    }
    return bytes
  }

  private func check(_ status: Int32) throws(DatasetProblem) {
    // Warnings are about what an unpacked file would have lost, such as its owner.
    if status == ARCHIVE_OK || status == ARCHIVE_WARN || status == ARCHIVE_RETRY { return }
    if let problem = source.problem { throw problem }
    let reason = archive_error_string(archive).map { String(cString: $0) }
    let content = FileContent(start: source.start)
    let isArchive = [.tar, .gzip, .bzip2, .xz, .zstandard].contains(content)
    let hint = isArchive ? nil : content.map { "; \($0.sentence)" }
    throw .brokenArchive(path: path, reason: (reason ?? "status \(status)") + (hint ?? ""))
  }
}

/// The type of a regular file in an entry's mode.
///
/// Source: POSIX, <sys/stat.h>.
let regularFile: UInt32 = 0o100000

/// Where an archive's bytes come from.
class ArchiveSource {
  /// What kept the bytes from coming.
  fileprivate(set) var problem: DatasetProblem?
  private let room = UnsafeMutablePointer<UInt8>.allocate(capacity: 1 << 16)

  /// The first bytes, which show what an unknown file is.
  fileprivate var start: [UInt8] = []

  /// The last bytes, a block of a tar file.
  fileprivate var end: [UInt8] = []

  init() {}

  deinit { room.deallocate() }

  /// The next bytes, at most `count`; none at the end.
  func read(_ count: Int) throws(DatasetProblem) -> [UInt8] { [] }

  /// Points `buffer` to the next bytes and gives their number; −1 after a problem.
  fileprivate func next(into buffer: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
    do throws(DatasetProblem) {
      let bytes = try read(1 << 16)
      if start.isEmpty { start = Array(bytes.prefix(FileContent.startLength)) }
      if !bytes.isEmpty { end = Array((end + bytes.suffix(512)).suffix(512)) }
      // At most as many as there is room for; they stay there until the next call.
      room.update(from: bytes, count: bytes.count)
      buffer.pointee = UnsafeRawPointer(room)
      return bytes.count
    } catch {
      problem = error
      return -1
    }
  }
}

/// A file on disk.
final class FileArchiveSource: ArchiveSource {
  private let file: OpenFile
  private var offset = 0

  init(_ file: OpenFile) { self.file = file }

  /// Passes over bytes; reading begins behind the end where there are fewer.
  func skip(_ count: Int) { offset = min(offset + count, file.length) }

  override func read(_ count: Int) throws(DatasetProblem) -> [UInt8] {
    let count = min(count, file.length - offset)
    do throws(FileProblem) {
      let bytes = try file.bytes(at: offset, count: count)
      offset += count
      return bytes
    } catch {
      throw .file(error)
    }
  }
}
