import Decoding
import Program

/// Multiplies all features of an image by a learned matrix.
///
/// Input  [N, F], or maps [N, H, W, C], taken in C, H, W order; weight [units, F]
/// Output [N, units]
package struct Linear: WeightedLayer {
  package let units: Int
  package let bias: BiasOption
  package let weights: WeightOption

  package static let summary = "a fully connected layer: a learned matrix on all features"

  package init(reading options: inout OptionReader) {
    units = options.integer(
      "units", in: 1...SizeLimit.elements, bare: true, help: "numbers that come out")
    bias = BiasOption(reading: &options)
    weights = WeightOption(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    _ = try SizeLimit.product([units, input.count], of: "the weight")
    return try .vector(units).checked()
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    weights.parameters(Parameter("weight", [units, input.count], .weight), outputAxis: 0)
      + bias.parameters(units, context)
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    units * input.count
  }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let (x, weight) = operands(input, &lowering)
    // [N, F] × [units, F]ᵀ
    let y = lowering.program.matmul(x, weight, rightTransposed: true)
    return lowering.adding(bias, to: y)
  }

  /// x [N, F] and weight [units, F], both in the order C, H, W of files, or both in the order
  /// H, W, C of maps: the smaller of the two is brought to the other's.
  private func operands(_ input: Value, _ lowering: inout Lowering) -> (x: Value, weight: Value) {
    let weight = lowering.weight(weights, outputAxis: 0)
    let shape = lowering.program.shape(of: input)
    guard shape.rank == 4, units < shape[0] else { return (lowering.vector(input), weight) }
    let (height, width, channels) = (shape[1], shape[2], shape[3])
    let filters = lowering.program.reshape(weight, [units, channels, height, width])
    let ordered = lowering.program.transpose(filters, [0, 2, 3, 1])  // [units, H, W, C]
    let count = channels * height * width
    return (
      lowering.program.reshape(input, [shape[0], count]),
      lowering.program.reshape(ordered, [units, count])
    )
  }

  package static let sample = LayerSample(
    yaml: "linear: {units: 4}", input: .maps(channels: 3, height: 2, width: 2))
}
