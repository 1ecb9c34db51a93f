import Decoding
import Program

/// Gives each channel of each image mean 0 and variance 1, then a scale and a shift that a style
/// says.
///
/// y = x̂·(1 + s) + b, where (s, b) = style·weightᵀ + bias. The style is what an earlier layer gives,
/// as a rule the last of a few linear layers from the latent vector: a mapping network.
///
/// Input  [N, H, W, C], style [N, S]; weight [2·C, S], bias [2·C]
/// Output [N, H, W, C]. Source: Karras et al. 2019, section 2, equation 1; Huang and Belongie 2017.
package struct AdaptiveInstanceNormalization: Layer {
  private let style: EarlierLayer
  package let epsilon: Double

  package static let summary =
    "mean 0 and variance 1 as `instance_norm`, scaled and shifted by a style"
  package static let source = "Karras et al. 2019, section 2"

  package init(reading options: inout OptionReader) {
    style = EarlierLayer(
      reading: &options, key: "style", help: EarlierLayer.help + ", that gives the style")
    epsilon = options.number(
      "epsilon", default: 1e-5, in: .above(0), help: "added to the variance")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let (channels, height, width) = try input.requiredMaps()
    try InstanceNormalization.checkSize(height: height, width: width)
    let size = try style.shape(in: context).count
    _ = try SizeLimit.product([2 * channels, size], of: "the weight")
    return input
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let outputs = 2 * input.channels
    return [
      Parameter("weight", [outputs, styleSize(in: context)], .weight),
      Parameter("bias", [outputs], .bias),
    ]
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    2 * input.channels * styleSize(in: context)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let (batch, channels) = (shape[0], shape[3])
    let style = lowering.vector(style.value(in: lowering))
    let product = lowering.program.matmul(
      style, lowering.tensor("weight"), rightTransposed: true)  // [N, 2·C]
    let bias = lowering.program.broadcast(
      lowering.tensor("bias"), to: [batch, 2 * channels], axes: [1])
    let factors = lowering.program.add(product, bias)
    let scale = lowering.program.offset(
      lowering.program.slice(factors, start: [0, 0], limit: [batch, channels]), by: 1)
    let shift = lowering.program.slice(
      factors, start: [0, channels], limit: [batch, 2 * channels])

    let normalized = lowering.program.normalized(x, over: [1, 2], epsilon: epsilon)
    let scaled = lowering.program.multiply(
      normalized, lowering.program.broadcast(scale, to: shape, axes: [0, 3]))
    return lowering.program.add(
      scaled, lowering.program.broadcast(shift, to: shape, axes: [0, 3]))
  }

  package static let sample = LayerSample(
    yaml: "adaptive_instance_norm: {style: input, epsilon: 0.001}",
    input: .maps(channels: 2, height: 1, width: 3))

  private func styleSize(in context: LayerContext) -> Int {
    // Shape inference has reported a style that does not exist.
    (try? style.shape(in: context).count) ?? 0
  }
}
