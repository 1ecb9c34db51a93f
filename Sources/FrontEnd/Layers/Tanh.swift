import Decoding
import Program

/// Squashes to (−1, 1): the range of the generator's pixels.
///
/// Shape: unchanged.
package struct Tanh: Layer {
  package static let summary = "squashes to (-1, 1)"

  package init(reading options: inout OptionReader) {}

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    lowering.program.tanh(x)
  }

  package static let sample = LayerSample(yaml: "tanh:", input: .vector(4))
}
