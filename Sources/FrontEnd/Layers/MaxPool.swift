import Decoding
import Program

/// The largest number in each window; of equal ones the first, which then gets the gradient.
///
/// Input  [N, H, W, C]
/// Output [N, H', W', C], H' = ⌊(H + 2·padding − K) / stride⌋ + 1
package struct MaxPool: Layer {
  package let options: WindowOptions

  package static let summary = "the largest number of each window"

  package init(reading options: inout OptionReader) {
    self.options = WindowOptions(pooling: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    try options.pooledShape(of: input)
  }

  package var window: Window? { Window(kernel: options.kernel, stride: options.stride) }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    lowering.program.foldedWindows(
      x, kernel: options.kernel.height, options.geometry, outside: -.infinity
    ) { program, next, best in
      program.maximum(next, best)  // of equal operands the second is taken
    }
  }

  package static let sample = LayerSample(
    yaml: "max_pool: {kernel: 3, stride: 2, padding: 1}",
    input: .maps(channels: 2, height: 4, width: 5))
}
