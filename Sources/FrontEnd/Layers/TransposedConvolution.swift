import Decoding
import Program

/// Spreads each position of maps over a learned kernel; a stride above 1 makes the maps larger.
///
/// Input  [N, H, W, C] (a vector [N, Z] counts as Z × 1 × 1); kernel [KH, KW, F / groups, C]
/// Output [N, H', W', F], H' = (H − 1)·stride − 2·padding + (KH − 1)·dilation + 1 + outputPadding
///
/// It is the gradient of a convolution from F to C channels for that convolution's input, also
/// called fractionally-strided. Source: Radford et al. 2015, section 3.
package struct TransposedConvolution: WeightedLayer {
  package let filters: Int
  package let options: WindowOptions
  package let groups: Int
  /// As written; nil where it follows from the padding.
  package let outputPadding: Int?
  package let bias: BiasOption
  package let weights: WeightOption

  package static let summary = "spreads each position over a learned kernel; stride 2 doubles maps"
  package static let source = "Radford et al. 2015, section 3"

  package init(reading options: inout OptionReader) {
    filters = options.integer(
      "filters", in: 1...SizeLimit.elements, help: "channels that come out")
    self.options = WindowOptions(convolution: &options)
    groups = Groups.count(reading: &options)
    outputPadding = options.optionalInteger(
      "output_padding", in: 0...SizeLimit.kernel,
      help: "rows and columns added at the far sides; follows from `padding: same`")
    bias = BiasOption(reading: &options)
    weights = WeightOption(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let (channels, height, width) = input.asMaps
    let output = try outputSizes(Sides(height, width))
    guard output.height >= 1, output.width >= 1 else {
      throw ShapeProblem(
        "\(height) × \(width) maps would become \(output): the padding removes"
          + " more than the kernel adds", help: ["a smaller `padding` or a larger `kernel`"],
        options: ["kernel", "padding"])
    }
    try Groups.check(groups, channels: channels, filters: filters)
    let extent = options.extent
    _ = try SizeLimit.product([extent.height, extent.width, filters, channels], of: "the kernel")
    return try .maps(channels: filters, height: output.height, width: output.width).checked()
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let sides = options.kernel
    let kernel: Shape = [sides.height, sides.width, filters / groups, input.channels]
    let weight = Parameter("weight", kernel, .weight, fileAxes: [3, 2, 0, 1])
    return weights.parameters(weight, outputAxis: 2) + bias.parameters(filters, context)
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    let (channels, height, width) = input.asMaps
    let perPosition =
      options.kernel.height * options.kernel.width * channels * (filters / groups)
    return height * width * perPosition
  }

  package var window: Window? {
    Window(kernel: options.extent, stride: options.stride, isTransposed: true)
  }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let x = lowering.maps(input)
    let shape = lowering.program.shape(of: x)
    guard let output = try? outputSizes(Sides(shape[1], shape[2])) else {
      preconditionFailure("\(self) must be refused by outputShape before it is lowered")
    }
    let weight = lowering.weight(weights, outputAxis: 2)
    let y = lowering.program.convolveTransposed(
      x, weight, options, groups: groups, height: output.height, width: output.width)
    return lowering.adding(bias, to: y)
  }

  package static let sample = LayerSample(
    yaml: "conv_transpose: {filters: 3, kernel: 5, stride: 2}",
    input: .maps(channels: 2, height: 2, width: 3))

  private func outputSizes(_ input: Sides) throws(ShapeProblem) -> Sides {
    let (padding, extent) = (try options.resolvedPadding(), options.extent)
    let extra = try resolvedOutputPadding()
    return Sides(
      (input.height - 1) * options.stride - 2 * padding.height + extent.height + extra.height,
      (input.width - 1) * options.stride - 2 * padding.width + extent.width + extra.width)
  }

  /// Rows and columns at the far sides that the stride would lose: with `same`, H' = stride·H
  /// holds for stride + 2·padding − E of them, where the kernel extends over E positions.
  private func resolvedOutputPadding() throws(ShapeProblem) -> Sides {
    let (padding, extent) = (try options.resolvedPadding(), options.extent)
    let exact = Sides(
      options.stride + 2 * padding.height - extent.height,
      options.stride + 2 * padding.width - extent.width)
    guard let outputPadding else { return options.padding == .same ? exact : Sides(both: 0) }
    if options.padding == .same, Sides(both: outputPadding) != exact {
      throw ShapeProblem(
        "`padding: same` goes with `output_padding: \(exact.yamlText)` here, not \(outputPadding)",
        help: ["leave `output_padding` out, or write `padding` as a number"],
        options: ["output_padding", "kernel", "stride"])
    }
    guard outputPadding < max(options.stride, options.dilation) else {
      throw ShapeProblem(
        "`output_padding: \(outputPadding)` must be below the stride, \(options.stride)",
        options: ["output_padding", "stride"])
    }
    return Sides(both: outputPadding)
  }
}
