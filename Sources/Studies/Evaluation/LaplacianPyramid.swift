/// Images by the size of their details: at each level what the next, half as large, leaves out.
///
/// Source: Burt and Adelson 1983, with their kernel (1, 4, 6, 4, 1) / 16.
enum LaplacianPyramid {
  /// The levels of an image, the largest first; the last has what is left.
  ///
  /// Sides below twice `least` are not halved further.
  static func levels(of image: FloatImage, least: Int) -> [FloatImage] {
    var (levels, current): ([FloatImage], FloatImage) = ([], image)
    while min(current.height, current.width) / 2 >= least {
      let small = current.halved
      var details = current
      for (place, value) in small.doubled(to: current).enumerated() {
        details.pixels[place] -= value
      }
      levels.append(details)
      current = small
    }
    return levels + [current]
  }
}

extension FloatImage {
  private static let kernel: [Float] = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16]

  /// Every other pixel of the blurred image; a side that is odd is rounded up.
  fileprivate var halved: FloatImage {
    let blurred = blurred(pixels, gain: 1)
    let (half, halfWidth) = ((height + 1) / 2, (width + 1) / 2)
    var small: [Float] = []
    small.reserveCapacity(half * halfWidth * channels)
    for y in 0..<half {
      for x in 0..<halfWidth {
        let from = (2 * y * width + 2 * x) * channels
        small += blurred[from..<from + channels]
      }
    }
    return FloatImage(
      height: half, width: halfWidth, channels: channels, pixels: small)
  }

  /// This level at the size of a larger one: pixels with zeros between them, blurred.
  fileprivate func doubled(to large: FloatImage) -> [Float] {
    var spread = [Float](repeating: 0, count: large.pixels.count)
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          spread[(2 * y * large.width + 2 * x) * channels + channel] =
            pixels[(y * width + x) * channels + channel]
        }
      }
    }
    // Of four pixels one is there.
    return large.blurred(spread, gain: 2)
  }

  /// Along both axes, each with `gain`; beyond the edge the image is mirrored.
  private func blurred(_ pixels: [Float], gain: Float) -> [Float] {
    func along(
      _ pixels: [Float], length: Int, step: Int, _ place: (Int) -> Int
    ) -> [Float] {
      var result = [Float](repeating: 0, count: pixels.count)
      for index in pixels.indices {
        let at = place(index)
        var sum: Float = 0
        for (tap, weight) in Self.kernel.enumerated() {
          let wanted = Self.mirrored(at + tap - 2, length)
          sum += weight * pixels[index + (wanted - at) * step]
        }
        result[index] = gain * sum
      }
      return result
    }
    let (width, channels) = (width, channels)
    let rows = along(pixels, length: width, step: channels) { $0 / channels % width }
    return along(rows, length: height, step: width * channels) { $0 / (width * channels) }
  }

  /// −1 is 1, and `length` is `length − 2`; within a side of one pixel all places are that pixel.
  private static func mirrored(_ place: Int, _ length: Int) -> Int {
    if length == 1 { return 0 }
    let period = 2 * (length - 1)
    let inside = ((place % period) + period) % period
    return min(inside, period - inside)
  }
}
