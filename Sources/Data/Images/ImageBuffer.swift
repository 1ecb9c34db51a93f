/// An 8-bit image: gray (one channel) or RGB (three), interleaved.
///
/// Bytes [H, W, C]
package struct ImageBuffer: Equatable, Sendable {
  package let height: Int
  package let width: Int
  package let channels: Int
  package let bytes: [UInt8]

  /// The caller has checked that sizes are positive, channels 1 or 3, and bytes as many as that.
  package init(height: Int, width: Int, channels: Int, bytes: [UInt8]) {
    precondition(
      height > 0 && width > 0 && (channels == 1 || channels == 3)
        && bytes.count == height * width * channels,
      "\(bytes.count) bytes for an image of \(height) × \(width) × \(channels)")
    self.height = height
    self.width = width
    self.channels = channels
    self.bytes = bytes
  }

  /// Rounds floats to bytes: `range.lowerBound` becomes 0, `range.upperBound` 255.
  ///
  /// What lies outside of the range is clamped, NaN becomes 0.
  package static func byte(_ value: Float, in range: ClosedRange<Float>) -> UInt8 {
    let scaled = (value - range.lowerBound) / (range.upperBound - range.lowerBound) * 255
    // A comparison with NaN is false, so NaN ends here too.
    guard scaled > 0 else { return 0 }
    return scaled < 254.5 ? UInt8(scaled + 0.5) : 255
  }
}
