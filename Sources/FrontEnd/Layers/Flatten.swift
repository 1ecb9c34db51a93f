import Decoding
import Program

/// Turns maps into a vector, in C, H, W order.
///
/// Input  [N, H, W, C]
/// Output [N, C·H·W]
package struct Flatten: Layer {
  package static let summary = "maps into a vector, in C, H, W order"

  package init(reading options: inout OptionReader) {}

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    .vector(input.count)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    lowering.vector(x)
  }

  package static let sample = LayerSample(
    yaml: "flatten:", input: .maps(channels: 2, height: 3, width: 2))
}
