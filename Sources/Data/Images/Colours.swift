import Spec

extension Picture {
  /// The same in gray (1 channel) or RGB (3), without transparency.
  ///
  /// Source of the weights of red, green and blue: ITU-R BT.601, as Pillow's `convert("L")`.
  package func converted(channels wanted: Int, alpha: AlphaRule) -> Picture {
    precondition(wanted == 1 || wanted == 3, "a picture of \(wanted) channels")
    if wanted == channels { return self }
    let colours = channels < 3 ? 1 : 3
    let hasAlpha = hasAlpha && alpha != .drop
    let ground = alpha == .white ? 255 : 0
    let pixels = height * width
    let converted = [UInt8](unsafeUninitializedCapacity: pixels * wanted) { out, filled in
      bytes.withUnsafeBufferPointer { source in
        for pixel in 0..<pixels {
          let start = pixel * channels
          func value(_ colour: Int) -> Int {
            let value = Int(source[start + (colours == 1 ? 0 : colour)])
            guard hasAlpha else { return value }
            let opacity = Int(source[start + colours])
            return (value * opacity + ground * (255 - opacity) + 127) / 255
          }
          if wanted == 3 {
            for colour in 0..<3 { out[pixel * 3 + colour] = UInt8(value(colour)) }
          } else if colours == 1 {
            out[pixel] = UInt8(value(0))
          } else {
            let sum = value(0) * 19595 + value(1) * 38470 + value(2) * 7471
            out[pixel] = UInt8((sum + 0x8000) >> 16)
          }
        }
      }
      filled = pixels * wanted
    }
    return Picture(height: height, width: width, channels: wanted, bytes: converted)
  }
}
