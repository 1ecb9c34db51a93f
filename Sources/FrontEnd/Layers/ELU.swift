import Decoding
import Program

/// Passes positive values and makes `alpha` (eˣ − 1) of negative ones.
///
/// Shape: unchanged. Source: Clevert et al. 2016, equation 15.
package struct ELU: Layer {
  package let alpha: Double

  package static let summary = "passes positive numbers, bends negative ones towards -`alpha`"
  package static let source = "Clevert et al. 2016, equation 15"

  package init(reading options: inout OptionReader) {
    alpha = options.number(
      "alpha", default: 1, in: NumberRange(0...1_000), bare: true,
      help: "what very negative numbers become, less than 0")
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    lowering.program.exponentialLinear(x, alpha: alpha)
  }

  package static let sample = LayerSample(yaml: "elu: {alpha: 0.7}", input: .vector(6))
}

/// ELU with the two numbers that keep mean 0 and variance 1 through deep networks.
///
/// Shape: unchanged. Source: Klambauer et al. 2017, equation 2.
package struct SELU: Layer {
  package static let summary = "an elu with the numbers that keep mean 0 and variance 1"
  package static let source = "Klambauer et al. 2017, equation 2"

  private static let alpha = 1.6732632423543772
  private static let scale = 1.0507009873554805

  package init(reading options: inout OptionReader) {}

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let bent = lowering.program.exponentialLinear(x, alpha: Self.alpha)
    return lowering.program.scale(bent, by: Self.scale)
  }

  package static let sample = LayerSample(yaml: "selu:", input: .vector(6))
}

extension ProgramBuilder {
  /// max(0, x) + alpha · (exp(min(0, x)) − 1).
  fileprivate mutating func exponentialLinear(_ x: Value, alpha: Double) -> Value {
    let zero = constant(0, shape(of: x))
    let positive = maximum(x, zero)
    let negative = negate(maximum(negate(x), zero))
    return add(positive, scale(offset(exp(negative), by: -1), by: alpha))
  }
}
