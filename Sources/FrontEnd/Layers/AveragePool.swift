import Decoding
import Program

/// The mean of each window.
///
/// Input  [N, H, W, C]
/// Output [N, H', W', C], H' = ⌊(H + 2·padding − K) / stride⌋ + 1
///
/// With `count_padding: false` the zeros around the maps do not lower the mean.
package struct AveragePool: Layer {
  package let options: WindowOptions
  package let countPadding: Bool

  package static let summary = "the mean of each window"

  package init(reading options: inout OptionReader) {
    self.options = WindowOptions(pooling: &options)
    countPadding = options.boolean(
      "count_padding", default: true, help: "whether the zeros around the maps lower the mean")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    try options.pooledShape(of: input)
  }

  package var window: Window? { Window(kernel: options.kernel, stride: options.stride) }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let sums = windowSums(x, &lowering.program)
    guard !countPadding, options.geometry.padding > 0 else {
      return lowering.program.scale(
        sums, by: 1 / Double(options.kernel.height * options.kernel.width))
    }
    let shape = lowering.program.shape(of: x)
    let ones = lowering.program.constant(1, [1, shape[1], shape[2], 1])
    let counts = windowSums(ones, &lowering.program)  // [1, H', W', 1]
    let output = lowering.program.shape(of: sums)
    let flat = lowering.program.reshape(counts, [output[1], output[2]])
    return lowering.program.divide(
      sums, lowering.program.broadcast(flat, to: output, axes: [1, 2]))
  }

  package static let sample = LayerSample(
    yaml: "average_pool: {kernel: 3, stride: 2, padding: 1, count_padding: false}",
    input: .maps(channels: 2, height: 4, width: 5))

  private func windowSums(_ x: Value, _ program: inout ProgramBuilder) -> Value {
    program.foldedWindows(x, kernel: options.kernel.height, options.geometry, outside: 0) {
      $0.add($2, $1)
    }
  }
}
