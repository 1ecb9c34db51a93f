import Spec

/// CIFAR-10 and CIFAR-100 in their binary form, plain or gzip.
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
    let paths = try locator.files(wanted, of: source).compactMap(\.self)
    guard shape == Self.shape else {
      throw .wrongImageShape(dataset: source.rawValue, found: Self.shape, expected: shape)
    }
    let labels = isFine ? 2 : 1
    let classes = isFine ? 100 : 10
    var records: [UInt8] = []
    for path in paths {
      records += try Self.records(contentsOf: path, labels: labels, classes: classes)
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

  /// The whole file, when it is a row of records with labels below `classes`.
  private static func records(
    contentsOf path: String, labels: Int, classes: Int
  ) throws(DatasetProblem) -> [UInt8] {
    let size = labels + shape.count
    let source = try ByteSource(path: path)
    let most = min(source.largestLength, mostRecords * size)
    let bytes = try source.read(most)
    guard try source.read(1).isEmpty else { throw .trailingBytes(path: path, expected: most) }
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
