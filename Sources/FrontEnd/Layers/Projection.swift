import Decoding
import Program

/// Turns z into the first maps: a learned matrix, then the form C × H × W.
///
/// Input  [N, Z], or maps, taken in C, H, W order; weight [C·H·W, Z]
/// Output [N, H, W, C]
///
/// Source: Radford et al. 2015, figure 1.
package struct Projection: WeightedLayer {
  package let channels: Int
  package let height: Int
  package let width: Int
  package let bias: BiasOption
  package let weights: WeightOption

  package static let summary = "z into the first maps: a learned matrix, then the form C × H × W"
  package static let source = "Radford et al. 2015, figure 1"

  package init(reading options: inout OptionReader) {
    let sizes =
      options.integers(
        "to", counts: [3], in: 1...SizeLimit.elements, bare: true,
        help: "[channels, height, width]") ?? [1, 1, 1]
    (channels, height, width) = (sizes[0], sizes[1], sizes[2])
    bias = BiasOption(reading: &options)
    weights = WeightOption(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let output = try FeatureShape.maps(channels: channels, height: height, width: width).checked()
    _ = try SizeLimit.product([output.count, input.count], of: "the weight")
    return output
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let count = channels * height * width
    return weights.parameters(
      Parameter("weight", [count, input.count], .weight), outputAxis: 0)
      + bias.parameters(count, context)
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    channels * height * width * input.count
  }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let z = lowering.vector(input)
    let weight = lowering.weight(weights, outputAxis: 0)
    // [N, Z] × [C·H·W, Z]ᵀ
    let y = lowering.program.matmul(z, weight, rightTransposed: true)
    let biased = lowering.adding(bias, to: y)
    return lowering.maps(biased, channels: channels, height: height, width: width)
  }

  package static let sample = LayerSample(yaml: "project: {to: [3, 2, 2]}", input: .vector(5))
}
