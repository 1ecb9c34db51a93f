import Decoding
import Program

/// Squashes to (0, 1): 1 / (1 + exp(−x)), a probability from a logit.
///
/// Shape: unchanged. Losses are computed from the logits: as the last activation of the
/// discriminator it is left out of training.
package struct Sigmoid: Layer {
  package static let summary = "squashes to (0, 1)"

  package init(reading options: inout OptionReader) {}

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    lowering.program.logistic(x)
  }

  package static let sample = LayerSample(yaml: "sigmoid:", input: .vector(4))
}
