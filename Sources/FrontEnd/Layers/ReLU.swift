import Decoding
import Program

/// Passes positive values and makes all others 0.
///
/// Shape: unchanged. The gradient at exactly 0 is 0. Source: Nair and Hinton 2010.
package struct ReLU: Layer {
  package static let summary = "passes positive numbers, makes negative ones 0"
  package static let source = "Nair and Hinton 2010"

  package init(reading options: inout OptionReader) {}

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let zero = lowering.program.constant(0, lowering.program.shape(of: x))
    return lowering.program.maximum(x, zero)
  }

  package static let sample = LayerSample(yaml: "relu:", input: .vector(6))
}
