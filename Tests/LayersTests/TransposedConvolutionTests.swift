import Layers
import Testing

@Suite struct TransposedConvolutionTests {
  @Test func eachPixelSpreadsTheKernel() throws {
    let run = try LayerRun(
      "conv_transpose: {filters: 1, kernel: 2, stride: 2, padding: 0}", .square(2), batch: 1)
    let y = try run.result(["x": [1, 2, 3, 4], "weight": [1, 2, 3, 4], "bias": [0]])
    #expect(
      y == [
        1, 2, 2, 4,
        3, 4, 6, 8,
        3, 6, 4, 8,
        9, 12, 12, 16,
      ])
  }

  /// (4 − 1)·2 − 2·1 + 3 = 7.
  @Test func withoutOutputPaddingOneRowIsLost() throws {
    let yaml = "conv_transpose: {filters: 1, kernel: 3, stride: 2, padding: 1"
    #expect(try LayerRun("\(yaml)}", .square(4)).output == .square(7))
    #expect(try LayerRun("\(yaml), output_padding: 1}", .square(4)).output == .square(8))
  }

  @Test func latentVectorBecomesMaps() throws {
    let run = try LayerRun("conv_transpose: {filters: 8, kernel: 4, padding: 0}", .vector(100))
    #expect(run.output == .square(4, channels: 8))
    #expect(run.parameters[0].shape == [4, 4, 8, 100])
    #expect(run.parameters[0].fileShape == [100, 8, 4, 4])
  }

  @Test func impossibleOutputsAreRefused() throws {
    #expect(
      try refusal("conv_transpose: {filters: 1, kernel: 3, padding: 3}", .square(2))
        == "2 × 2 maps would become -2 × -2: the padding removes more than the kernel adds; "
        + "a smaller `padding` or a larger `kernel`")
    #expect(
      try refusal(
        "conv_transpose: {filters: 1, kernel: 3, stride: 2, padding: 1, output_padding: 2}",
        .square(2)) == "`output_padding: 2` must be below the stride, 2")
    #expect(
      try refusal(
        "conv_transpose: {filters: 1, kernel: 5, stride: 2, output_padding: 0}", .square(2))
        == "`padding: same` goes with `output_padding: 1` here, not 0; "
        + "leave `output_padding` out, or write `padding` as a number")
  }

  @Test func multiplyAddsAreInputPositionsTimesKernel() throws {
    let layer = try LayerRun.layer("conv_transpose: {filters: 3, kernel: 5, stride: 2}")
    let context = LayerContext(classes: nil)
    #expect(layer.multiplyAdds(for: .square(32, channels: 128), context) == 32 * 32 * 25 * 128 * 3)
  }
}
