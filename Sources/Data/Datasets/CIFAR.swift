import Spec

/// CIFAR-10 and CIFAR-100 in their binary form: files, plain or gzip, or the published archive.
///
/// A file is a row of records without a header: the label, one byte, or two for CIFAR-100, whose
/// first is the coarse one; then 32 × 32 red, green and blue bytes.
/// Source: Krizhevsky 2009; www.cs.toronto.edu/~kriz/cifar.html, "binary version".
struct CIFAR: Dataset {
  let name: String
  let count: Int
  let labelCount: Int?
  let imageShape = CIFAR.shape
  /// The records of each file, one after the other.
  private let images: PlanarImages

  private static let shape = ImageShape(height: 32, width: 32, channels: 3)
  /// No file of the published sets has more: train.bin of CIFAR-100.
  private static let mostRecords = 50_000

  /// - Parameters:
  ///   - isFine: CIFAR-100, whose records begin with two labels.
  ///   - shape: that the images must have.
  init(
    _ source: DataSource, isFine: Bool, _ split: DatasetSplit, from locator: DatasetLocator,
    shape: ImageShape
  ) throws(DatasetProblem) {
    let wanted: [DatasetLocator.Wanted] =
      switch (split, isFine) {
      case (.train, true): [.init(names: ["train.bin"])]
      case (.test, true): [.init(names: ["test.bin"])]
      case (.test, false): [.init(names: ["test_batch.bin"])]
      // Parts of the set are in use, too: what is there is said when training begins.
      case (.train, false):
        (1...5).map { .init(names: ["data_batch_\($0).bin"], isOptional: $0 > 1) }
      }
    let files = try Self.files(wanted, of: source, isFine: isFine, from: locator)
    guard shape == Self.shape else {
      throw .wrongImageShape(dataset: source.rawValue, found: Self.shape, expected: shape)
    }
    let labels = isFine ? 2 : 1
    let classes = isFine ? 100 : 10
    var records: [UInt8] = []
    for file in files {
      records += try Self.records(file, labels: labels, classes: classes)
    }
    name = source.rawValue
    images = PlanarImages(shape: Self.shape, bytes: records, header: labels)
    count = records.count / (labels + Self.shape.count)
    labelCount = classes
  }

  func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) {
    images.decode(index, into: &pixels)
  }

  func label(at index: Int) -> Int? {
    Int(images.bytes[index * (images.header + Self.shape.count) + images.header - 1])
  }

  /// Bytes of a file, or of an entry of an archive.
  private struct File {
    let path: String
    let bytes: [UInt8]
  }

  /// No file of the published sets is longer.
  private static let longestFile = mostRecords * (2 + shape.count)

  /// The files of a folder, or those inside of the published archive.
  private static func files(
    _ wanted: [DatasetLocator.Wanted], of source: DataSource, isFine: Bool,
    from locator: DatasetLocator
  ) throws(DatasetProblem) -> [File] {
    let paths: [String]
    do throws(DatasetProblem) {
      paths = try locator.files(wanted, of: source).compactMap(\.self)
    } catch {
      let name = isFine ? "cifar-100-binary.tar.gz" : "cifar-10-binary.tar.gz"
      guard let archive = try locator.file(named: name, of: source) else { throw error }
      return try files(wanted, inArchive: archive, of: source)
    }
    var files: [File] = []
    for path in paths {
      let source = try ByteSource(path: path)
      let most = min(source.largestLength, longestFile)
      let bytes = try source.read(most)
      guard try source.read(1).isEmpty else { throw .trailingBytes(path: path, expected: most) }
      files.append(File(path: path, bytes: bytes))
    }
    return files
  }

  private static func files(
    _ wanted: [DatasetLocator.Wanted], inArchive path: String, of source: DataSource
  ) throws(DatasetProblem) -> [File] {
    let archive = try Archive(path: path)
    var found: [String: File] = [:]
    var names: [String] = []
    while let (name, size) = try archive.next() {
      let short = name.split(separator: "/").last.map(String.init) ?? name
      names.append(short)
      guard wanted.contains(where: { $0.names.contains(short) }) else { continue }
      found[short] = File(
        path: "\(path):\(name)", bytes: try archive.bytes(size: size, limit: longestFile))
    }
    var files: [File] = []
    for item in wanted {
      if let file = item.names.lazy.compactMap({ found[$0] }).first {
        files.append(file)
      } else if !item.isOptional {
        throw .incomplete(source: source, folder: path, file: item.names[0], found: names)
      }
    }
    return files
  }

  /// The whole file, when it is a row of records with labels below `classes`.
  private static func records(
    _ file: File, labels: Int, classes: Int
  ) throws(DatasetProblem) -> [UInt8] {
    let size = labels + shape.count
    let (path, bytes) = (file.path, file.bytes)
    guard !bytes.isEmpty, bytes.count % size == 0 else {
      throw .brokenRecords(
        path: path, size: size, found: bytes.count, content: .init(start: Array(bytes.prefix(512))))
    }
    for start in stride(from: 0, to: bytes.count, by: size) {
      let label = Int(bytes[start + labels - 1])
      guard label < classes else {
        throw .labelOutOfRange(
          path: path, offset: start + labels - 1, found: label, classes: classes)
      }
    }
    return bytes
  }
}
