/// Red, green and blue from 0 to 1.
struct Colour: Equatable, Sendable {
  var red: Float
  var green: Float
  var blue: Float

  init(_ red: Float, _ green: Float, _ blue: Float) {
    (self.red, self.green, self.blue) = (red, green, blue)
  }

  /// As in `0xE8B798`.
  init(_ hexadecimal: UInt32) {
    func part(_ shift: UInt32) -> Float { Float(hexadecimal >> shift & 0xFF) / 255 }
    self.init(part(16), part(8), part(0))
  }

  /// `share` of the other colour, and the rest of this one.
  func mixed(with other: Colour, _ share: Float) -> Colour {
    Colour(
      red + (other.red - red) * share, green + (other.green - green) * share,
      blue + (other.blue - blue) * share)
  }

  /// Times `factor`: below 1 darker, above 1 lighter.
  func lit(_ factor: Float) -> Colour {
    Colour(min(red * factor, 1), min(green * factor, 1), min(blue * factor, 1))
  }

  static let white = Colour(1, 1, 1)
  static let black = Colour(0, 0, 0)
}
