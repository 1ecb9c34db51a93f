import Decoding
import Program

/// Passes positive values and scales negative ones by a slope that is learned for each channel.
///
/// Shape: unchanged; slope [C]. The slopes begin at 0.25. Source: He et al. 2015, section 2.1.
package struct PReLU: Layer {
  package static let summary = "passes positive numbers, scales negative ones by a learned slope"
  package static let source = "He et al. 2015, section 2"

  package init(reading options: inout OptionReader) {}

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    [Parameter("weight", [input.channels], .slope)]
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let zero = lowering.program.constant(0, shape)
    let positive = lowering.program.maximum(x, zero)
    // min(0, x) is -max(0, -x).
    let negative = lowering.program.negate(
      lowering.program.maximum(lowering.program.negate(x), zero))
    let slope = lowering.program.broadcastAlongLast(lowering.tensor("weight"), to: shape)
    return lowering.program.add(positive, lowering.program.multiply(slope, negative))
  }

  package static let sample = LayerSample(
    yaml: "prelu:", input: .maps(channels: 2, height: 2, width: 2))
}
