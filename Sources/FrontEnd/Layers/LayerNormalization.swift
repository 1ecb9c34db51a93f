import Decoding
import Program

/// Gives all features of each image mean 0 and variance 1, then each a learned scale and shift.
///
/// Shape: unchanged. Source: Ba et al. 2016; PyTorch's LayerNorm over [C, H, W].
package struct LayerNormalization: Layer {
  package let options: NormOptions

  package static let summary = "mean 0 and variance 1 over all features of each image"
  package static let source = "Ba et al. 2016"

  package init(reading options: inout OptionReader) {
    self.options = NormOptions(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    guard input.count > 1 else {
      throw ShapeProblem("a single number has nothing to normalise over: it would become 0")
    }
    return input
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    options.parameters(perFeatureOf: input, isFlatInFiles: false)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let axes = Array(1..<lowering.program.shape(of: x).rank)
    let normalized = lowering.program.normalized(x, over: axes, epsilon: options.epsilon)
    return lowering.scaledAndShifted(normalized, options)
  }

  package static let sample = LayerSample(
    yaml: "layer_norm: {epsilon: 0.001}", input: .maps(channels: 2, height: 2, width: 2))
}
