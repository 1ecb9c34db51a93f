import Decoding
import Program

/// Spreads each position of maps over a learned kernel; a stride above 1 makes the maps larger.
///
/// Input  [N, H, W, C] (a vector [N, Z] counts as Z × 1 × 1); kernel [K, K, F, C]
/// Output [N, H', W', F], H' = (H − 1)·stride − 2·padding + K + outputPadding
///
/// It is the gradient of a convolution from F to C channels for that convolution's input, also
/// called fractionally-strided. Source: Radford et al. 2015, section 3.
package struct TransposedConvolution: WeightedLayer {
  package let filters: Int
  package let options: WindowOptions
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
    let extra = try resolvedOutputPadding()
    let newHeight = try outputSize(height, extra)
    let newWidth = try outputSize(width, extra)
    guard newHeight >= 1, newWidth >= 1 else {
      throw ShapeProblem(
        "\(height) × \(width) maps would become \(newHeight) × \(newWidth): the padding removes"
          + " more than the kernel adds", help: ["a smaller `padding` or a larger `kernel`"],
        options: ["kernel", "padding"])
    }
    _ = try SizeLimit.product(
      [options.kernel, options.kernel, filters, channels], of: "the kernel")
    return try .maps(channels: filters, height: newHeight, width: newWidth).checked()
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let kernel: Shape = [options.kernel, options.kernel, filters, input.channels]
    let weight = Parameter("weight", kernel, .weight, fileAxes: [3, 2, 0, 1])
    return weights.parameters(weight, outputAxis: 2) + bias.parameters(filters, context)
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    let (channels, height, width) = input.asMaps
    return height * width * (options.kernel * options.kernel * channels * filters)
  }

  package var window: Window? {
    Window(kernel: options.kernel, stride: options.stride, isTransposed: true)
  }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let x = lowering.maps(input)
    let shape = lowering.program.shape(of: x)
    guard let extra = try? resolvedOutputPadding(),
      let height = try? outputSize(shape[1], extra), let width = try? outputSize(shape[2], extra)
    else { preconditionFailure("\(self) must be refused by outputShape before it is lowered") }
    let weight = lowering.weight(weights, outputAxis: 2)
    let y = lowering.program.convolutionInputGradient(
      x, weight, options.geometry, height: height, width: width)
    return lowering.adding(bias, to: y)
  }

  package static let sample = LayerSample(
    yaml: "conv_transpose: {filters: 3, kernel: 5, stride: 2}",
    input: .maps(channels: 2, height: 2, width: 3))

  private func outputSize(_ size: Int, _ extra: Int) throws(ShapeProblem) -> Int {
    (size - 1) * options.stride - 2 * (try options.resolvedPadding()) + options.kernel + extra
  }

  /// Rows and columns at the far sides that the stride would lose: with `same`, H' = stride·H
  /// holds for stride + 2·padding − K of them.
  private func resolvedOutputPadding() throws(ShapeProblem) -> Int {
    let exact = options.stride + 2 * (try options.resolvedPadding()) - options.kernel
    guard let outputPadding else { return options.padding == .same ? exact : 0 }
    if options.padding == .same, outputPadding != exact {
      throw ShapeProblem(
        "`padding: same` goes with `output_padding: \(exact)` here, not \(outputPadding)",
        help: ["leave `output_padding` out, or write `padding` as a number"],
        options: ["output_padding", "kernel", "stride"])
    }
    guard outputPadding < options.stride else {
      throw ShapeProblem(
        "`output_padding: \(outputPadding)` must be below the stride, \(options.stride)",
        options: ["output_padding", "stride"])
    }
    return outputPadding
  }
}
