import Decoding
import Program

/// A smooth ReLU: log(1 + exp x).
///
/// Shape: unchanged. Source: Dugas et al. 2001.
package struct Softplus: Layer {
  package static let summary = "a smooth ReLU: log(1 + exp x)"
  package static let source = "Dugas et al. 2001"

  package init(reading options: inout OptionReader) {}

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    lowering.program.softplus(x)
  }

  package static let sample = LayerSample(yaml: "softplus:", input: .vector(4))
}
