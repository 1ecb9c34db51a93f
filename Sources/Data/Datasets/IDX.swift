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
  // [N, C, H, W]
  private let pixels: [UInt8]
  // [N]
  private let labels: [UInt8]?

  /// Bytes of images that are taken into memory.
  static let memoryLimit = 1 << 32

  /// One of the sources that are given out as four files with fixed names.
  init(
    named source: String, _ split: DatasetSplit, from locator: DatasetLocator
  ) throws(DatasetProblem) {
    let prefix =
      switch split {
      case .train: "train"
      case .test: "t10k"
      }
    let images = try locator.file(
      ["\(prefix)-images-idx3-ubyte", "\(prefix)-images.idx3-ubyte"], of: source)
    let labels = try locator.file(
      ["\(prefix)-labels-idx1-ubyte", "\(prefix)-labels.idx1-ubyte"], of: source)
    try self.init(named: source, images: images, labels: labels, labelCount: 10)
  }

  /// - Parameters:
  ///   - name: for messages.
  ///   - labelCount: labels are 0 to `labelCount` − 1.
  package init(
    named name: String, images: String, labels: String?, labelCount: Int
  ) throws(DatasetProblem) {
    let file = try IDXFile(contentsOf: images, dimensions: [3, 4], limit: Self.memoryLimit)
    self.name = name
    count = file.sizes[0]
    imageShape = ImageShape(
      height: file.sizes[file.sizes.count - 2], width: file.sizes[file.sizes.count - 1],
      channels: file.sizes.count == 4 ? file.sizes[1] : 1)
    pixels = file.bytes
    self.labelCount = labels == nil ? nil : labelCount
    self.labels =
      if let labels {
        try Self.labels(contentsOf: labels, below: labelCount, imageCount: count, of: images)
      } else {
        nil
      }
  }

  package func decode(
    _ index: Int, into target: inout MutableSpan<UInt8>
  ) throws(DatasetProblem) {
    let plane = imageShape.height * imageShape.width
    let channels = imageShape.channels
    let image = pixels.span.extracting(index * plane * channels..<(index + 1) * plane * channels)
    // [C, H·W] → [H·W, C]
    for channel in 0..<channels {
      for position in 0..<plane {
        target[position * channels + channel] = image[channel * plane + position]
      }
    }
  }

  package func label(at index: Int) -> Int? { labels.map { Int($0[index]) } }

  private static func labels(
    contentsOf path: String, below count: Int, imageCount: Int, of images: String
  ) throws(DatasetProblem) -> [UInt8] {
    let file = try IDXFile(contentsOf: path, dimensions: [1], limit: memoryLimit)
    guard file.sizes[0] == imageCount else {
      throw .countMismatch(
        images: images, imageCount: imageCount, labels: path, labelCount: file.sizes[0])
    }
    if let item = file.bytes.firstIndex(where: { $0 >= count }) {
      throw .labelOutOfRange(
        path: path, offset: 8 + item, item: item, found: Int(file.bytes[item]), count: count)
    }
    return file.bytes
  }
}

/// The contents of one IDX file of bytes.
struct IDXFile {
  /// 1 to 4 positive sizes; their product is the number of bytes.
  let sizes: [Int]
  let bytes: [UInt8]

  /// - Parameters:
  ///   - dimensions: the numbers of dimensions that fit here, the usual one first.
  ///   - limit: the most bytes that may be asked of memory.
  init(contentsOf path: String, dimensions: [Int], limit: Int) throws(DatasetProblem) {
    let source = try ByteSource(path: path)
    let magic = try Self.numbers(1, at: 0, from: source, of: path)[0]
    guard magic >> 8 == 0x08, let rank = dimensions.first(where: { $0 == Int(magic & 0xFF) })
    else {
      throw .wrongMagic(
        path: path, expected: 0x800 | UInt32(dimensions[0]), found: magic,
        hint: Self.hint(for: magic))
    }
    let header = 4 + 4 * rank
    let stated = try Self.numbers(rank, at: 4, from: source, of: path)
    let names =
      rank == 4
      ? ["count", "number of channels", "height", "width"]
      : ["count", "height", "width"]
    if let zero = stated.firstIndex(of: 0) {
      throw .zeroSize(path: path, offset: 4 + 4 * zero, dimension: names[zero])
    }
    if rank == 4, stated[1] != 1, stated[1] != 3 {
      throw .wrongChannels(path: path, offset: 8, found: stated[1])
    }

    // Before memory is taken: can the file hold what its header promises?
    let count = stated.reduce(Int?.some(1)) { product, size in
      guard let (next, overflow) = product?.multipliedReportingOverflow(by: Int(size)), !overflow
      else { return nil }
      return next
    }
    let possible = min(limit, source.isCompressed ? source.largestLength : limit)
    guard let count, count <= possible else {
      throw .oversized(path: path, sizes: stated, limit: possible)
    }
    if !source.isCompressed, source.largestLength - header < count {
      throw .truncated(path: path, expected: header + count, found: source.largestLength)
    }
    var bytes: [UInt8] = []
    if !source.isCompressed { bytes.reserveCapacity(count) }
    try source.read(count, into: &bytes)
    guard bytes.count == count else {
      throw .truncated(path: path, expected: header + count, found: header + bytes.count)
    }
    // One byte more: it must not be there, and for gzip the checksum is compared on the way.
    var excess: [UInt8] = []
    try source.read(1, into: &excess)
    guard excess.isEmpty else { throw .trailingBytes(path: path, expected: header + count) }
    sizes = stated.map(Int.init)
    self.bytes = bytes
  }

  /// The next big-endian numbers of the header; `offset` is where they begin.
  private static func numbers(
    _ count: Int, at offset: Int, from source: ByteSource, of path: String
  ) throws(DatasetProblem) -> [UInt32] {
    var bytes: [UInt8] = []
    try source.read(4 * count, into: &bytes)
    guard bytes.count == 4 * count else {
      throw .truncated(path: path, expected: offset + 4 * count, found: offset + bytes.count)
    }
    return (0..<count).map { index in
      bytes[4 * index..<4 * index + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  /// What the magic number belongs to, if that is known.
  private static func hint(for magic: UInt32) -> String? {
    switch magic {
    case 0x801: "this is a label file"
    case 0x803: "this is an image file"
    case 0x900...0xEFF: "this is an IDX file, but not of bytes"
    default: nil
    }
  }
}
