import Foundation

/// How alike two images look, at several sizes: 1 for equal ones, about 0 for those that have nothing in
/// common.
///
/// The mean over pairs of samples says how little they vary. Images with a side below 176 have fewer
/// sizes than the five of the source, whose weights are then made to sum up to 1. Colours are compared
/// one by one. Source: Wang et al. 2003, "Multiscale structural similarity for image quality assessment";
/// as a measure of diversity Odena et al. 2017, section 4.2.
enum StructuralSimilarity {
  private static let weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]
  /// Pixels of the window along each axis, and its standard deviation.
  private static let (window, deviation) = (11, 1.5)

  /// Of two images [H, W, C] with values from 0 to 1.
  static func between(_ a: FloatImage, _ b: FloatImage) -> Double {
    let sums = (0..<a.channels).reduce(0.0) { sum, channel in
      sum + between(Plane(a, channel), Plane(b, channel))
    }
    return sums / Double(a.channels)
  }

  private static func between(_ a: Plane, _ b: Plane) -> Double {
    var (a, b, similarity) = (a, b, 1.0)
    let count = scales(of: a)
    let whole = weights.prefix(count).reduce(0, +)
    for scale in 0..<count {
      let (structure, withLuminance) = comparison(a, b)
      let isLast = scale == count - 1
      // What is less than 0, as for an image and its negative, has no real power.
      similarity *= pow(max(isLast ? withLuminance : structure, 0), weights[scale] / whole)
      if !isLast { (a, b) = (a.halved, b.halved) }
    }
    return similarity
  }

  /// Sizes at which the window fits, one at least.
  private static func scales(of plane: Plane) -> Int {
    var (side, count) = (min(plane.height, plane.width), 1)
    while count < weights.count, side / 2 >= window { (side, count) = (side / 2, count + 1) }
    return count
  }

  /// The means over all windows of contrast times structure, and of this times luminance.
  private static func comparison(
    _ a: Plane, _ b: Plane
  ) -> (structure: Double, withLuminance: Double) {
    // (0.01 L)² and (0.03 L)² for values up to L = 1.
    let (c1, c2) = (1e-4, 9e-4)
    let (meanA, meanB) = (a.filtered, b.filtered)
    let (squareA, squareB, product) = (
      a.times(a).filtered, b.times(b).filtered, a.times(b).filtered
    )
    var (structure, whole) = (0.0, 0.0)
    for place in meanA.indices {
      let (x, y) = (meanA[place], meanB[place])
      let covariance = product[place] - x * y
      let variances = squareA[place] - x * x + squareB[place] - y * y
      let contrast = (2 * covariance + c2) / (variances + c2)
      structure += contrast
      whole += contrast * (2 * x * y + c1) / (x * x + y * y + c1)
    }
    let count = Double(meanA.count)
    return (structure / count, whole / count)
  }

  /// One channel of an image.
  private struct Plane {
    let height: Int
    let width: Int
    let pixels: [Double]

    init(height: Int, width: Int, pixels: [Double]) {
      (self.height, self.width, self.pixels) = (height, width, pixels)
    }

    init(_ image: FloatImage, _ channel: Int) {
      let places = stride(from: channel, to: image.pixels.count, by: image.channels)
      self.init(
        height: image.height, width: image.width, pixels: places.map { Double(image.pixels[$0]) })
    }

    func times(_ other: Plane) -> Plane {
      Plane(height: height, width: width, pixels: zip(pixels, other.pixels).map { $0 * $1 })
    }

    /// Means of 2 × 2 pixels; a last row or column without a partner is left out.
    var halved: Plane {
      var small: [Double] = []
      for y in 0..<height / 2 {
        for x in 0..<width / 2 {
          let place = 2 * y * width + 2 * x
          small.append(
            (pixels[place] + pixels[place + 1] + pixels[place + width] + pixels[place + width + 1])
              / 4)
        }
      }
      return Plane(height: height / 2, width: width / 2, pixels: small)
    }

    /// The weighted mean of each window that lies inside; windows of small images are smaller.
    var filtered: [Double] {
      let (tall, wide) = (Self.kernel(height), Self.kernel(width))
      let (rows, columns) = (height - tall.count + 1, width - wide.count + 1)
      var across = [Double](repeating: 0, count: height * columns)
      for y in 0..<height {
        for x in 0..<columns {
          var sum = 0.0
          for (tap, weight) in wide.enumerated() { sum += weight * pixels[y * width + x + tap] }
          across[y * columns + x] = sum
        }
      }
      var result = [Double](repeating: 0, count: rows * columns)
      for y in 0..<rows {
        for x in 0..<columns {
          var sum = 0.0
          for (tap, weight) in tall.enumerated() { sum += weight * across[(y + tap) * columns + x] }
          result[y * columns + x] = sum
        }
      }
      return result
    }

    private static func kernel(_ side: Int) -> [Double] {
      let size = min(StructuralSimilarity.window, side)
      let raw = (0..<size).map { place in
        let distance = Double(place) - Double(size - 1) / 2
        return exp(-distance * distance / (2 * deviation * deviation))
      }
      let sum = raw.reduce(0, +)
      return raw.map { $0 / sum }
    }
  }
}
