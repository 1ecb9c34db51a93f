import Images

/// White paper for images and titles.
struct Canvas {
  let height: Int
  let width: Int
  let channels: Int
  // [H, W, C]
  private var bytes: [UInt8]

  /// How many times its size a letter is drawn.
  static let textScale = 2
  static let lineHeight = PixelFont.height * textScale
  private static let advance = (PixelFont.width + 1) * textScale

  init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    bytes = [UInt8](repeating: 255, count: height * width * channels)
  }

  static func textWidth(_ text: String) -> Int { max(0, text.count * advance - textScale) }

  /// An image [H, W, C] with its upper left corner at (top, left); each pixel becomes a square.
  mutating func draw(_ image: ImageBuffer, top: Int, left: Int, scale: Int = 1) {
    for y in 0..<image.height * scale {
      for x in 0..<image.width * scale {
        let from = ((y / scale) * image.width + x / scale) * channels
        for channel in 0..<channels {
          set(image.bytes[from + channel], y: top + y, x: left + x, channel)
        }
      }
    }
  }

  /// Black letters; what goes beyond the paper is cut off.
  mutating func write(_ text: String, top: Int, left: Int) {
    for (place, character) in text.enumerated() {
      for (row, bits) in PixelFont.rows(of: character).enumerated() {
        for column in 0..<PixelFont.width where bits >> (PixelFont.width - 1 - column) & 1 == 1 {
          for y in 0..<Self.textScale {
            for x in 0..<Self.textScale {
              for channel in 0..<channels {
                set(
                  0, y: top + row * Self.textScale + y,
                  x: left + place * Self.advance + column * Self.textScale + x, channel)
              }
            }
          }
        }
      }
    }
  }

  var image: ImageBuffer {
    ImageBuffer(height: height, width: width, channels: channels, bytes: bytes)
  }

  private mutating func set(_ byte: UInt8, y: Int, x: Int, _ channel: Int) {
    guard (0..<height).contains(y), (0..<width).contains(x) else { return }
    bytes[(y * width + x) * channels + channel] = byte
  }
}
