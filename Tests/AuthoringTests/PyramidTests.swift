import Authoring
import Testing

@Suite struct PyramidTests {
  @Test(arguments: [
    (64, 64, 4, 4, 4), (28, 28, 7, 7, 2), (32, 32, 4, 4, 3), (48, 48, 3, 3, 4),
    (96, 160, 3, 5, 5), (128, 128, 4, 4, 5), (12, 20, 3, 5, 2), (80, 80, 5, 5, 4),
    (64, 256, 4, 16, 4), (4, 4, 2, 2, 1), (4096, 4096, 4, 4, 10),
    // Through odd maps, where doubling alone leads to none of 2 to 8.
    (100, 100, 4, 4, 5), (31, 31, 4, 4, 3), (100, 60, 13, 8, 3), (50, 150, 13, 38, 2),
    (1080, 1920, 135, 240, 3),
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
      13, 28,
      "no stride-2 layer makes 13 × 28: one side is even, the other is odd; the nearest "
        + "sizes that can be made: 12 × 28, 14 × 28, 12 × 30"
    ),
    (
      1, 1,
      "no stride-2 layer makes 1 × 1: it is too small; the nearest sizes that can be made: "
        + "4 × 4"
    ),
  ])
  func otherSizesNameTheirNeighbours(_ height: Int, _ width: Int, _ message: String) {
    let error = #expect(throws: UnreachableSize.self) {
      try Pyramid(reaching: .init(height, width))
    }
    #expect(error?.description == message)
  }
}
