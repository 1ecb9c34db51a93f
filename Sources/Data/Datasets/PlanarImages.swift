/// Images in memory, channel after channel, as IDX and CIFAR files have them.
struct PlanarImages: Sendable {
  let shape: ImageShape
  /// [N, C, H, W], perhaps with other bytes before each image.
  let bytes: [UInt8]
  /// Bytes before each image.
  var header = 0

  /// Writes image `index` as [H, W, C].
  func decode(_ index: Int, into target: inout MutableSpan<UInt8>) {
    let (plane, channels) = (shape.height * shape.width, shape.channels)
    let start = index * (header + shape.count) + header
    let image = bytes.span.extracting(start..<start + shape.count)
    // [C, H·W] → [H·W, C]
    for channel in 0..<channels {
      for position in 0..<plane {
        target[position * channels + channel] = image[channel * plane + position]
      }
    }
  }
}
