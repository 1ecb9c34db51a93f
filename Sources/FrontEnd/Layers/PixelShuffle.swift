import Decoding
import Program

/// Makes maps larger by laying `scale`² channels side by side as `scale` × `scale` pixels.
///
/// Input  [N, H, W, C·scale²]
/// Output [N, H·scale, W·scale, C]; channel c·scale² + i·scale + j gives row i and column j of
/// channel c, as in PyTorch. Source: Shi et al. 2016, equation 4.
package struct PixelShuffle: Layer {
  package let scale: Int

  package static let summary = "makes maps larger by laying channels side by side"
  package static let source = "Shi et al. 2016, equation 4"

  package init(reading options: inout OptionReader) {
    scale = options.integer(
      "scale", default: 2, in: 1...SizeLimit.kernel, bare: true,
      help: "rows and columns that one position becomes")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let (channels, height, width) = try input.requiredMaps()
    guard channels.isMultiple(of: scale * scale) else {
      let near = max(1, channels / (scale * scale)) * scale * scale
      throw ShapeProblem(
        "\(channels) channels are no multiple of \(scale) × \(scale)",
        help: ["let the layer before it have \(near) filters"], options: ["scale"])
    }
    return try .maps(
      channels: channels / (scale * scale), height: height * scale, width: width * scale
    ).checked()
  }

  package var window: Window? {
    Window(kernel: Sides(both: scale), stride: scale, isTransposed: true)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let (batch, height, width) = (shape[0], shape[1], shape[2])
    let channels = shape[3] / (scale * scale)
    let parts = lowering.program.reshape(x, [batch, height, width, channels, scale, scale])
    let ordered = lowering.program.transpose(parts, [0, 1, 4, 2, 5, 3])
    return lowering.program.reshape(ordered, [batch, height * scale, width * scale, channels])
  }

  package static let sample = LayerSample(
    yaml: "pixel_shuffle: {scale: 2}", input: .maps(channels: 8, height: 2, width: 3))
}
