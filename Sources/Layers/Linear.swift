import Decoding
import Program

/// Multiplies all features of an image by a learned matrix.
///
/// Input  [N, F], or maps [N, H, W, C], taken in C, H, W order; weight [units, F]
/// Output [N, units]
package struct Linear: Layer {
  package let units: Int
  package let bias: BiasOption

  package static let summary = "a learned matrix on all features: fully connected"

  package init(reading options: inout OptionReader) {
    units = options.integer(
      "units", in: 1...SizeLimit.elements, bare: true, help: "numbers that come out")
    bias = BiasOption(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    _ = try SizeLimit.product([units, input.count], of: "the weight")
    return try .vector(units).checked()
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    [Parameter("weight", [units, input.count], .weight)] + bias.parameters(units, context)
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    units * input.count
  }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let x = lowering.vector(input)
    let weight = lowering.tensor("weight")
    // [N, F] × [units, F]ᵀ
    let y = lowering.program.matmul(x, weight, rightTransposed: true)
    return lowering.adding(bias, to: y)
  }

  package static let sample = LayerSample(
    yaml: "linear: {units: 4}", input: .maps(channels: 3, height: 2, width: 2))
}
