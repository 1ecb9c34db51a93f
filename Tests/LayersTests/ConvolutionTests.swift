import Layers
import Testing

@Suite struct ConvolutionTests {
  @Test func kernelIsNotFlipped() throws {
    let run = try LayerRun("conv: {filters: 1, kernel: 2, padding: 0}", .square(3), batch: 1)
    let x: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    // Each result is 1·(upper left) + 10·(lower right) + 0.5.
    let y = try run.result(["x": x, "weight": [1, 0, 0, 10], "bias": [0.5]])
    #expect(y == [51.5, 62.5, 84.5, 95.5])
  }

  @Test func vectorCountsAsOnePixel() throws {
    let run = try LayerRun("conv: {filters: 1, kernel: 1}", .vector(2), batch: 1)
    #expect(run.output == .square(1))
    #expect(try run.result(["x": [3, 4], "weight": [1, 10], "bias": [0]]) == [43])
  }

  @Test func biasFollowsFromTheNorm() throws {
    func names(_ bias: String, hasNorm: Bool) throws -> [String] {
      let yaml = "conv: {filters: 1, kernel: 1\(bias)}"
      return try LayerRun(yaml, .square(2), hasNorm: hasNorm).parameters.map(\.name)
    }
    #expect(try names("", hasNorm: false) == ["weight", "bias"])
    #expect(try names("", hasNorm: true) == ["weight"])
    #expect(try names(", bias: auto", hasNorm: true) == ["weight"])
    #expect(try names(", bias: true", hasNorm: true) == ["weight", "bias"])
    #expect(try names(", bias: false", hasNorm: false) == ["weight"])
  }

  @Test func filesHoldOutInRowsColumns() throws {
    let run = try LayerRun(
      "conv: {filters: 7, kernel: 3}", .maps(channels: 5, height: 4, width: 4))
    let weight = try #require(run.parameters.first)
    #expect(weight.shape == [3, 3, 5, 7])
    #expect(weight.fileShape == [7, 5, 3, 3])
  }

  @Test func multiplyAddsAreOutputPositionsTimesKernel() throws {
    let layer = try LayerRun.layer("conv: {filters: 128, kernel: 5, stride: 2}")
    let context = LayerContext(classes: nil)
    #expect(layer.multiplyAdds(for: .square(64, channels: 3), context) == 32 * 32 * 25 * 3 * 128)
  }
}
