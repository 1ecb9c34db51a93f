import Files

/// An IDX file that is written piece by piece, and appears whole or not at all.
package struct IDXWriter: ~Copyable {
  private var file: AtomicFile
  private let shape: ImageShape?
  /// Bytes that are still to come.
  private var remaining: Int

  /// For `count` images: the file gets [N, H, W] when there is one channel, else [N, C, H, W].
  package init(count: Int, shape: ImageShape, to path: String) throws(FileProblem) {
    let sizes =
      shape.channels == 1
      ? [count, shape.height, shape.width]
      : [count, shape.channels, shape.height, shape.width]
    try self.init(sizes, shape: shape, to: path)
  }

  /// For `count` labels.
  package init(labels count: Int, to path: String) throws(FileProblem) {
    try self.init([count], shape: nil, to: path)
  }

  private init(_ sizes: [Int], shape: ImageShape?, to path: String) throws(FileProblem) {
    self.shape = shape
    remaining = sizes.reduce(1, *)
    file = try AtomicFile.replacing(
      path,
      start: ([0x800 | sizes.count] + sizes).flatMap { number in
        withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) }
      })
  }

  /// The next images [N, H, W, C], or labels [N].
  package mutating func append(_ bytes: [UInt8]) throws(FileProblem) {
    remaining -= bytes.count
    if let shape {
      try file.write(Self.planar(bytes, shape: shape))
    } else {
      try file.write(bytes)
    }
  }

  package consuming func commit() throws(FileProblem) {
    precondition(remaining == 0, "\(remaining) bytes are missing of what the header announced")
    try file.commit()
  }

  /// Reorders [N, H, W, C] to [N, C, H, W].
  private static func planar(_ images: [UInt8], shape: ImageShape) -> [UInt8] {
    if shape.channels == 1 { return images }
    let plane = shape.height * shape.width
    var planar = [UInt8](repeating: 0, count: images.count)
    for start in stride(from: 0, to: images.count, by: shape.count) {
      for channel in 0..<shape.channels {
        for position in 0..<plane {
          planar[start + channel * plane + position] =
            images[start + position * shape.channels + channel]
        }
      }
    }
    return planar
  }
}
