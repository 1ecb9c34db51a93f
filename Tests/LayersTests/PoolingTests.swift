import Autodiff
import Layers
import Testing

@Suite struct PoolingTests {
  static let nine: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9]

  @Test func maximumOfEachWindow() throws {
    let run = try LayerRun("max_pool: {kernel: 2, stride: 1}", .square(3), batch: 1)
    #expect(try run.result(["x": Self.nine]) == [5, 6, 8, 9])
  }

  @Test func paddingNeverWins() throws {
    let run = try LayerRun("max_pool: {kernel: 2, padding: 1}", .square(2), batch: 1)
    #expect(try run.result(["x": [-1, -2, -3, -4]]) == [-1, -2, -3, -4])
  }

  @Test func firstOfEqualOnesGetsTheGradient() throws {
    var run = try LayerRun("max_pool: 2", .square(2), batch: 1)
    let sum = run.builder.sum(run.y)
    let gradient = run.builder.gradients(of: sum, withRespectTo: [run.x])[0]
    #expect(try run.tensor(gradient, ["x": [7, 7, 7, 7]]).elements == [1, 0, 0, 0])
    #expect(try run.tensor(gradient, ["x": [1, 7, 7, 1]]).elements == [0, 1, 0, 0])
  }

  @Test func paddingCountsOrNot() throws {
    let yaml = "average_pool: {kernel: 2, padding: 1"
    let counted = try LayerRun("\(yaml)}", .square(2), batch: 1)
    #expect(try counted.result(["x": [4, 8, 12, 16]]) == [1, 2, 3, 4])
    let uncounted = try LayerRun("\(yaml), count_padding: false}", .square(2), batch: 1)
    #expect(try uncounted.result(["x": [4, 8, 12, 16]]) == [4, 8, 12, 16])
  }

  @Test func windowsOfNothingButPaddingAreRefused() throws {
    #expect(
      try refusal("max_pool: {kernel: 3, padding: 2}", .square(4))
        == "padding 2 is more than half of the 3 × 3 kernel: some windows would hold nothing but"
        + " padding")
    #expect(
      try refusal("average_pool: 2", .vector(4))
        == "maps are needed, the input is a vector of 4; "
        + "`reshape: {to: [channels, height, width]}` makes maps of a vector")
  }

  @Test func globalMeanOfEachChannel() throws {
    let run = try LayerRun(
      "global_average_pool:", .maps(channels: 2, height: 1, width: 2), batch: 1)
    #expect(try run.result(["x": [1, 10, 3, 30]]) == [2, 20])
  }
}
