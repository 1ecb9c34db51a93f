import Foundation
import Program
import Testing

@testable import Studies

@Suite struct StructuralSimilarityTests {
  private static func image(_ side: Int, seed: UInt64) -> FloatImage {
    let stream = RandomStream(key: RandomKey(seed: seed, step: 0), stream: 0)
    return FloatImage(
      height: side, width: side, channels: 1,
      pixels: (0..<side * side).map { stream.uniform(at: $0) })
  }

  @Test func equalImagesHaveOneAndNegativesNothing() {
    let image = Self.image(28, seed: 1)
    var negative = image
    negative.pixels = image.pixels.map { 1 - $0 }
    #expect(abs(StructuralSimilarity.between(image, image) - 1) < 1e-9)
    #expect(StructuralSimilarity.between(image, negative) == 0)
    let other = Self.image(28, seed: 2)
    let found = StructuralSimilarity.between(image, other)
    #expect((0..<0.3).contains(found))
    #expect(found == StructuralSimilarity.between(other, image))
  }

  /// A side of 11 has one window and one size: the formula itself, without filters.
  @Test func oneWindowIsTheFormula() {
    let (a, b) = (Self.image(11, seed: 3), Self.image(11, seed: 4))
    var mixed = b
    mixed.pixels = zip(a.pixels, b.pixels).map { 0.7 * $0 + 0.3 * $1 }
    let weights = (0..<121).map { place -> Double in
      let (y, x) = (Double(place / 11) - 5, Double(place % 11) - 5)
      return exp(-(x * x + y * y) / 4.5)
    }
    let whole = weights.reduce(0, +)
    func mean(_ value: (Int) -> Double) -> Double {
      (0..<121).reduce(0) { $0 + weights[$1] * value($1) } / whole
    }
    let (x, y) = (a.pixels.map(Double.init), mixed.pixels.map(Double.init))
    let (meanX, meanY) = (mean { x[$0] }, mean { y[$0] })
    let varianceX = mean { (x[$0] - meanX) * (x[$0] - meanX) }
    let varianceY = mean { (y[$0] - meanY) * (y[$0] - meanY) }
    let covariance = mean { (x[$0] - meanX) * (y[$0] - meanY) }
    let wanted =
      (2 * meanX * meanY + 1e-4) / (meanX * meanX + meanY * meanY + 1e-4)
      * (2 * covariance + 9e-4) / (varianceX + varianceY + 9e-4)
    #expect(wanted > 0.5)
    #expect(abs(StructuralSimilarity.between(a, mixed) - wanted) < 1e-9)
  }
}
