import Files
import Spec

/// Images in IDX files, plain or gzip, as MNIST and Fashion-MNIST are given out.
///
/// A file has a magic number (two zero bytes, type 8 for bytes, the number of dimensions), the
/// dimensions as 32-bit big-endian numbers, then the bytes. Images are [N, H, W], or [N, C, H, W]
/// with C 1 or 3; labels are [N].
///
/// Everything is checked when the files are opened, and held in memory.
/// Source: LeCun, Cortes, Burges, "The MNIST database", file formats.
package struct IDX: Dataset {
  package let name: String
  package let count: Int
  package let imageShape: ImageShape
  package let labelCount: Int?
  private let images: PlanarImages
  // [N]
  private let labels: [UInt8]?

  /// One of the sources that are given out as four files with fixed names.
  init(
    _ source: DataSource, _ split: DatasetSplit, from locator: DatasetLocator,
    shape: ImageShape, withLabels: Bool
  ) throws(DatasetProblem) {
    let prefix =
      switch split {
      case .train: "train"
      case .test: "t10k"
      }
    let images = ["\(prefix)-images-idx3-ubyte", "\(prefix)-images.idx3-ubyte"]
    let labels = ["\(prefix)-labels-idx1-ubyte", "\(prefix)-labels.idx1-ubyte"]
    let paths = try locator.files(
      [.init(names: images), .init(names: labels, isOptional: !withLabels)], of: source)
    try self.init(
      named: source.rawValue, images: paths[0] ?? "", labels: withLabels ? paths[1] : nil,
      shape: shape)
  }

  /// - Parameters:
  ///   - name: for messages.
  ///   - shape: that the images must have; nil for any.
  package init(
    named name: String, images: String, labels: String?, shape: ImageShape? = nil
  ) throws(DatasetProblem) {
    let source = try ByteSource(path: images)
    let header = try IDXHeader(from: source, dimensions: [3, 4])
    if let shape, header.imageShape != shape {
      throw .wrongImageShape(dataset: name, found: header.imageShape, expected: shape)
    }
    self.name = name
    count = header.sizes[0]
    imageShape = header.imageShape
    // The labels are a thousandth of the images: what is wrong with them is said first.
    self.labels = try labels.map { (path) throws(DatasetProblem) in
      try Self.labels(contentsOf: path, imageCount: header.sizes[0], of: images)
    }
    labelCount = self.labels.map { Int($0.max() ?? 0) + 1 }
    self.images = PlanarImages(
      shape: header.imageShape, bytes: try header.contents(from: source))
  }

  package func decode(
    _ index: Int, into target: inout MutableSpan<UInt8>
  ) throws(DatasetProblem) {
    images.decode(index, into: &target)
  }

  package func label(at index: Int) -> Int? { labels.map { Int($0[index]) } }

  private static func labels(
    contentsOf path: String, imageCount: Int, of images: String
  ) throws(DatasetProblem) -> [UInt8] {
    let source = try ByteSource(path: path)
    let header = try IDXHeader(from: source, dimensions: [1])
    guard header.sizes[0] == imageCount else {
      throw .countMismatch(
        images: images, imageCount: imageCount, labels: path, labelCount: header.sizes[0])
    }
    return try header.contents(from: source)
  }
}

/// What an IDX file of bytes states about itself.
struct IDXHeader {
  /// 1, 3 or 4 positive sizes; their product is the number of bytes that follow.
  let sizes: [Int]
  private let path: String
  /// Bytes before the data.
  private let length: Int
  private let stated: [UInt32]

  /// Reads the header, and leaves `source` where the data begin.
  ///
  /// - Parameter dimensions: the numbers of dimensions that fit here, the usual one first.
  init(from source: ByteSource, dimensions: [Int]) throws(DatasetProblem) {
    path = source.path
    let start = try source.read(4)
    guard start.count == 4 else { throw .truncated(path: path, expected: 4, found: start.count) }
    let magic = start.reduce(0) { $0 << 8 | UInt32($1) }
    guard magic >> 8 == 0x08, let rank = dimensions.first(where: { $0 == Int(magic & 0xFF) })
    else {
      throw .wrongMagic(
        path: path, expected: 0x800 | UInt32(dimensions[0]), found: magic,
        hint: try Self.hint(for: magic, start: start + source.read(FileContent.startLength)))
    }
    length = 4 + 4 * rank
    let bytes = try source.read(4 * rank)
    guard bytes.count == 4 * rank else {
      throw .truncated(path: path, expected: length, found: 4 + bytes.count)
    }
    stated = (0..<rank).map { index in
      bytes[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
    sizes = stated.map(Int.init)
    let names =
      rank == 4
      ? ["count", "number of channels", "height", "width"]
      : ["count", "height", "width"]
    if let zero = stated.firstIndex(of: 0) {
      throw .zeroSize(path: path, offset: 4 + 4 * zero, dimension: names[zero])
    }
    if rank == 4, stated[1] != 1, stated[1] != 3 {
      // No image has this many channels, and few are so small.
      if stated[1] > 4, stated[3] == 1 || stated[3] == 3 {
        throw .channelsLast(path: path, sizes: stated)
      }
      throw .wrongChannels(path: path, offset: 8, found: stated[1])
    }
  }

  /// Of 3 or 4 dimensions.
  var imageShape: ImageShape {
    ImageShape(
      height: sizes[sizes.count - 2], width: sizes[sizes.count - 1],
      channels: sizes.count == 4 ? sizes[1] : 1)
  }

  /// The bytes after the header, which must be as many as it states.
  func contents(from source: ByteSource) throws(DatasetProblem) -> [UInt8] {
    // Before memory is taken: can the file hold what its header promises, and can we?
    let count = sizes.reduce(Int?.some(1)) { product, size in
      guard let (next, overflow) = product?.multipliedReportingOverflow(by: size), !overflow
      else { return nil }
      return next
    }
    let possible = min(MachineMemory.limit, source.isCompressed ? source.largestLength : .max)
    guard let count, count <= possible else {
      throw .oversized(path: path, sizes: stated, limit: possible)
    }
    if !source.isCompressed, source.largestLength - length < count {
      throw .truncated(path: path, expected: length + count, found: source.largestLength)
    }
    let bytes = try source.read(count)
    guard bytes.count == count else {
      throw .truncated(path: path, expected: length + count, found: length + bytes.count)
    }
    // One byte more: it must not be there, and for gzip the checksum is compared on the way.
    guard try source.read(1).isEmpty else {
      throw .trailingBytes(path: path, expected: length + count)
    }
    return bytes
  }

  /// What the magic number belongs to, if that is known.
  private static func hint(for magic: UInt32, start: [UInt8]) -> String? {
    switch magic {
    case 0x801: "this is a label file"
    case 0x803: "this is an image file"
    case 0x900...0xEFF: "this is an IDX file, but not of bytes"
    default:
      switch FileContent(start: start) {
      case .gzip: "it was compressed twice by gzip: run `gunzip` on it once"
      case let content: content?.sentence
      }
    }
  }
}
