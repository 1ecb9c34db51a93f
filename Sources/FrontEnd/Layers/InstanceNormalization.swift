import Decoding
import Program

/// Gives each channel of each image mean 0 and variance 1, then a learned scale and shift.
///
/// Shape: unchanged. Source: Ulyanov et al. 2016; PyTorch's InstanceNorm2d with `affine`.
package struct InstanceNormalization: Layer {
  package let options: NormOptions

  package static let summary = "mean 0 and variance 1 for each channel of each image"
  package static let source = "Ulyanov et al. 2016"

  package init(reading options: inout OptionReader) {
    self.options = NormOptions(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let (_, height, width) = try input.requiredMaps()
    try Self.checkSize(height: height, width: width)
    return input
  }

  static func checkSize(height: Int, width: Int) throws(ShapeProblem) {
    guard height * width > 1 else {
      throw ShapeProblem("1 × 1 maps have nothing to normalise over: every number would become 0")
    }
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    options.parameters(perChannelOf: input)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let normalized = lowering.program.normalized(x, over: [1, 2], epsilon: options.epsilon)
    return lowering.scaledAndShifted(normalized, options)
  }

  package static let sample = LayerSample(
    yaml: "instance_norm: {epsilon: 0.001}", input: .maps(channels: 2, height: 3, width: 2))
}
