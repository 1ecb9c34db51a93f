/// A decoded picture, upright: 8-bit gray, gray and alpha, RGB, or RGB and alpha.
///
/// Bytes [H, W, C], C from 1 to 4.
package struct Picture: Equatable, Sendable {
  package let height: Int
  package let width: Int
  package let channels: Int
  package let bytes: [UInt8]

  /// The caller has checked that the sizes are positive and that there are as many bytes.
  package init(height: Int, width: Int, channels: Int, bytes: [UInt8]) {
    precondition(
      height > 0 && width > 0 && (1...4).contains(channels)
        && bytes.count == height * width * channels,
      "\(bytes.count) bytes for a picture of \(height) × \(width) × \(channels)")
    self.height = height
    self.width = width
    self.channels = channels
    self.bytes = bytes
  }

  /// Whether the last channel says how opaque a pixel is.
  package var hasAlpha: Bool { channels % 2 == 0 }
}

extension Picture {
  /// The picture that a file with an EXIF orientation shows.
  ///
  /// Source: EXIF 2.3, tag 0x0112: the sides of the scene that row 0 and column 0 are.
  ///
  /// - Parameter orientation: 1 to 8; 5 to 8 exchange height and width.
  func turned(by orientation: Int) -> Picture {
    guard (2...8).contains(orientation) else { return self }
    let isTransposed = orientation >= 5
    let (height, width) = isTransposed ? (self.width, self.height) : (self.height, self.width)
    let flipsRows = [3, 4, 7, 8].contains(orientation)
    let flipsColumns = [2, 3, 6, 7].contains(orientation)
    var turned = [UInt8](repeating: 0, count: bytes.count)
    for y in 0..<height {
      for x in 0..<width {
        let (row, column) = (flipsRows ? height - 1 - y : y, flipsColumns ? width - 1 - x : x)
        let source = isTransposed ? column * self.width + row : row * self.width + column
        for channel in 0..<channels {
          turned[(y * width + x) * channels + channel] = bytes[source * channels + channel]
        }
      }
    }
    return Picture(height: height, width: width, channels: channels, bytes: turned)
  }
}
