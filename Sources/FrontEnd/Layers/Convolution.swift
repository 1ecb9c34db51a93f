import Decoding
import Program

/// Slides learned kernels over maps; a stride above 1 makes the maps smaller.
///
/// Input  [N, H, W, C] (a vector [N, Z] counts as Z × 1 × 1); kernel [KH, KW, C / groups, F]
/// Output [N, H', W', F], H' = ⌊(H + 2·padding − (KH − 1)·dilation − 1) / stride⌋ + 1
///
/// Source: Radford et al. 2015, section 3.
package struct Convolution: WeightedLayer {
  package let filters: Int
  package let options: WindowOptions
  package let groups: Int
  package let bias: BiasOption
  package let weights: WeightOption

  package static let summary = "slides learned kernels over maps; stride 2 halves them"
  package static let source = "Radford et al. 2015, section 3"

  package init(reading options: inout OptionReader) {
    filters = options.integer(
      "filters", in: 1...SizeLimit.elements, help: "channels that come out")
    self.options = WindowOptions(convolution: &options)
    groups = Groups.count(reading: &options)
    bias = BiasOption(reading: &options)
    weights = WeightOption(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let (channels, height, width) = input.asMaps
    let output = try options.outputSizes(height: height, width: width)
    try Groups.check(groups, channels: channels, filters: filters)
    let extent = options.extent
    _ = try SizeLimit.product([extent.height, extent.width, channels, filters], of: "the kernel")
    return try .maps(channels: filters, height: output.height, width: output.width).checked()
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let (sides, channels) = (options.kernel, input.channels / groups)
    let kernel: Shape = [sides.height, sides.width, channels, filters]
    let weight = Parameter("weight", kernel, .weight, fileAxes: [3, 2, 0, 1])
    return weights.parameters(weight, outputAxis: 3) + bias.parameters(filters, context)
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    // Shape inference has reported what does not fit.
    guard let output = try? outputShape(for: input, context).asMaps else { return 0 }
    let perPosition =
      options.kernel.height * options.kernel.width * (input.channels / groups) * filters
    return output.height * output.width * perPosition
  }

  package var window: Window? { Window(kernel: options.extent, stride: options.stride) }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let x = lowering.maps(input)
    let weight = lowering.weight(weights, outputAxis: 3)
    let y = lowering.program.convolve(x, weight, options, groups: groups)
    return lowering.adding(bias, to: y)
  }

  package static let sample = LayerSample(
    yaml: "conv: {filters: 3, kernel: 3, stride: 2, padding: 1}",
    input: .maps(channels: 2, height: 5, width: 4))
}
