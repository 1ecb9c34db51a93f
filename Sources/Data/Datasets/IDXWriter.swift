import Files

extension IDX {
  /// Writes images to one IDX file, and labels to another, each whole or not at all.
  ///
  /// - Parameters:
  ///   - images: bytes [N, H, W, C]; the file gets [N, H, W] when C is 1, else [N, C, H, W].
  ///   - labels: [N], or nil.
  package static func write(
    _ images: [UInt8], shape: ImageShape, to path: String, labels: (values: [UInt8], path: String)?
  ) throws(FileProblem) {
    precondition(
      !images.isEmpty && shape.count > 0 && images.count % shape.count == 0,
      "\(images.count) bytes for images of \(shape)")
    let count = images.count / shape.count
    let sizes =
      shape.channels == 1
      ? [count, shape.height, shape.width]
      : [count, shape.channels, shape.height, shape.width]
    try AtomicFile.write(header(sizes) + planar(images, shape: shape), to: path)
    if let labels {
      precondition(labels.values.count == count, "\(labels.values.count) labels, \(count) images")
      try AtomicFile.write(header([count]) + labels.values, to: labels.path)
    }
  }

  private static func header(_ sizes: [Int]) -> [UInt8] {
    ([0x800 | sizes.count] + sizes).flatMap { number in
      withUnsafeBytes(of: UInt32(number).bigEndian) { Array($0) }
    }
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
