import Program
import Testing

@testable import Studies

@Suite struct SlicedWassersteinTests {
  /// Noise in squares of `block` pixels.
  private static func images(_ count: Int, block: Int, seed: UInt64) -> [FloatImage] {
    let stream = RandomStream(key: RandomKey(seed: seed, step: 0), stream: 0)
    return (0..<count).map { item in
      let places = (0..<28 * 29).map { ($0 / 29 / block, $0 % 29 / block) }
      return FloatImage(
        height: 28, width: 29, channels: 2,
        pixels: places.flatMap { y, x in
          (0..<2).map { stream.uniform(at: ((item * 28 + y) * 29 + x) * 2 + $0) }
        })
    }
  }

  /// What the levels leave out is what the next one, made larger, lacks; so the sum is the image.
  @Test(arguments: [(28, 28), (29, 31), (17, 64)])
  func levelsHaveHalfTheSizeRoundedUp(_ size: (Int, Int)) {
    let image = FloatImage(
      height: size.0, width: size.1, channels: 1,
      pixels: (0..<size.0 * size.1).map { Float($0 % 7) })
    let levels = LaplacianPyramid.levels(of: image, least: 7)
    for (large, small) in zip(levels, levels.dropFirst()) {
      #expect(small.height == (large.height + 1) / 2)
      #expect(small.width == (large.width + 1) / 2)
    }
    #expect(min(levels.last!.height, levels.last!.width) < 14)
  }

  /// An even area has no details, up to the edge, and is what is left.
  @Test func anEvenAreaHasNoDetails() {
    let image = FloatImage(
      height: 21, width: 28, channels: 1, pixels: [Float](repeating: 0.75, count: 21 * 28))
    let levels = LaplacianPyramid.levels(of: image, least: 7)
    #expect(levels.count == 2)
    #expect(levels[0].pixels.allSatisfy { abs($0) < 1e-6 })
    #expect(levels[1].pixels.allSatisfy { abs($0 - 0.75) < 1e-6 })
  }

  @Test func equalSetsAreAtNoDistanceAndOthersFurtherTheMoreTheyDiffer() {
    let measure = SlicedWasserstein(seed: 0)
    let noise = Self.images(30, block: 1, seed: 1)
    #expect(measure.distances(between: noise, and: noise) == [0, 0])
    let near = measure.distances(between: noise, and: Self.images(30, block: 1, seed: 2))
    let far = measure.distances(between: noise, and: Self.images(30, block: 6, seed: 3))
    for (near, far) in zip(near, far) {
      #expect(near > 0)
      #expect(far > 1.2 * near)
    }
  }
}
