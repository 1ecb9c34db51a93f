import Decoding
import Program

/// Passes positive values and scales negative ones by `slope`.
///
/// Shape: unchanged. The gradient at exactly 0 is `slope`. Source: Maas et al. 2013.
package struct LeakyReLU: Layer {
  package let slope: Double

  package static let summary = "passes positive numbers, scales negative ones by `slope`"
  package static let source = "Maas et al. 2013"

  package init(reading options: inout OptionReader) {
    slope = options.number(
      "slope", default: 0.2, in: NumberRange(0..<1), bare: true, help: "for negative numbers")
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let scaled = lowering.program.scale(x, by: slope)
    return lowering.program.maximum(x, scaled)  // 0 ≤ slope < 1
  }

  package static let sample = LayerSample(
    yaml: "leaky_relu: {slope: 0.1}", input: .maps(channels: 2, height: 2, width: 2))
}
