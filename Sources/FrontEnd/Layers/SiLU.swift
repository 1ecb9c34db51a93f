import Decoding
import Program

/// x · σ(x), also called swish.
///
/// Shape: unchanged. Source: Ramachandran et al. 2017, section 3.
package struct SiLU: Layer {
  package static let summary = "x times its sigmoid, also called swish"
  package static let source = "Ramachandran et al. 2017, section 3"

  package init(reading options: inout OptionReader) {}

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    lowering.program.multiply(x, lowering.program.logistic(x))
  }

  package static let sample = LayerSample(yaml: "silu:", input: .vector(6))
}

/// x times the probability that a normal number is below x, by its approximation with tanh.
///
/// Shape: unchanged. Source: Hendrycks and Gimpel 2016, section 2; PyTorch's `approximate="tanh"`.
package struct GELU: Layer {
  package static let summary = "x times the probability that a normal number is below it"
  package static let source = "Hendrycks and Gimpel 2016, section 2"

  package init(reading options: inout OptionReader) {}

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    // ½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))
    let cube = lowering.program.multiply(lowering.program.square(x), x)
    let inner = lowering.program.add(x, lowering.program.scale(cube, by: 0.044715))
    let bend = lowering.program.tanh(
      lowering.program.scale(inner, by: (2 / Double.pi).squareRoot()))
    let half = lowering.program.scale(x, by: 0.5)
    return lowering.program.multiply(half, lowering.program.offset(bend, by: 1))
  }

  package static let sample = LayerSample(yaml: "gelu:", input: .vector(6))
}
