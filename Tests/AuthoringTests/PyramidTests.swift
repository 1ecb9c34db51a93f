import Authoring
import Testing

@Suite struct PyramidTests {
  @Test(arguments: [
    (64, 64, 4, 4, 4), (28, 28, 7, 7, 2), (32, 32, 4, 4, 3), (48, 48, 3, 3, 4),
    (96, 160, 3, 5, 5), (128, 128, 4, 4, 5), (12, 20, 3, 5, 2), (80, 80, 5, 5, 4),
    (64, 256, 4, 16, 4), (4, 4, 2, 2, 1), (4096, 4096, 4, 4, 10),
  ])
  func reachesTheSizeFromNearFour(
    _ height: Int, _ width: Int, _ baseHeight: Int, _ baseWidth: Int, _ steps: Int
  ) throws {
    let pyramid = try Pyramid(reaching: .init(height, width))
    #expect(pyramid.base == .init(baseHeight, baseWidth))
    #expect(pyramid.steps == steps)
  }

  @Test(arguments: [
    (
      100, 100,
      "100 × 100 cannot be made by doubling maps whose shorter side is 2 to 8; "
        + "the nearest sizes that can: 96 × 96, 112 × 112"
    ),
    (
      31, 31,
      "31 × 31 cannot be made by doubling maps whose shorter side is 2 to 8; "
        + "the nearest sizes that can: 32 × 32, 28 × 28"
    ),
    (
      1, 1,
      "1 × 1 cannot be made by doubling maps whose shorter side is 2 to 8; "
        + "the nearest sizes that can: 4 × 4"
    ),
    (
      100, 60,
      "100 × 60 cannot be made by doubling maps whose shorter side is 2 to 8; "
        + "the nearest sizes that can: 96 × 56, 96 × 64, 104 × 56"
    ),
  ])
  func otherSizesNameTheirNeighbours(_ height: Int, _ width: Int, _ message: String) {
    let error = #expect(throws: UnreachableSize.self) {
      try Pyramid(reaching: .init(height, width))
    }
    #expect(error?.description == message)
  }
}
