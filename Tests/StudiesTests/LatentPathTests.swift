import Testing

@testable import Studies

@Suite struct LatentPathTests {
  private func point(_ path: LatentPath, _ a: [Float], _ b: [Float], _ share: Double) -> [Float] {
    path.point(from: a[...], to: b[...], at: share)
  }

  @Test(arguments: [LatentPath.linear, .spherical])
  func beginsAndEndsAtItsEnds(_ path: LatentPath) {
    #expect(point(path, [1, 2], [-3, 0.5], 0) == [1, 2])
    #expect(point(path, [1, 2], [-3, 0.5], 1) == [-3, 0.5])
  }

  @Test func aLineIsStraight() {
    #expect(point(.linear, [0, 4], [2, 0], 0.25) == [0.5, 3])
  }

  /// A third of a right angle is 30°: (cos 30°, sin 30°), whose length is that of the ends.
  @Test func aCircleKeepsTheLength() {
    let third = point(.spherical, [1, 0], [0, 1], 1.0 / 3)
    #expect(abs(third[0] - 0.8660254) < 1e-6 && abs(third[1] - 0.5) < 1e-6)
  }

  /// Between the same or opposite vectors there is no one circle.
  @Test func directionsWithoutACircleTakeTheLine() {
    #expect(point(.spherical, [2, 0], [4, 0], 0.5) == [3, 0])
    #expect(point(.spherical, [1, 0], [-1, 0], 0.25) == [0.5, 0])
    #expect(point(.spherical, [0, 0], [2, 2], 0.5) == [1, 1])
  }
}
