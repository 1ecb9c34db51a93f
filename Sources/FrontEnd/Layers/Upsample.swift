import Decoding
import Program

/// Makes maps larger by repeating each position `scale` × `scale` times.
///
/// Input  [N, H, W, C]
/// Output [N, H·scale, W·scale, C]
package struct Upsample: Layer {
  package let scale: Int

  package static let summary = "makes maps larger by repeating rows and columns"

  package init(reading options: inout OptionReader) {
    scale = options.integer(
      "scale", default: 2, in: 1...SizeLimit.kernel, bare: true,
      help: "how often each row and column is repeated")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let (channels, height, width) = try input.requiredMaps()
    return try .maps(channels: channels, height: height * scale, width: width * scale).checked()
  }

  package var window: Window? { Window(kernel: scale, stride: scale, isTransposed: true) }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let (batch, height, width, channels) = (shape[0], shape[1], shape[2], shape[3])
    let repeated = lowering.program.broadcast(
      x, to: [batch, height, scale, width, scale, channels], axes: [0, 1, 3, 5])
    return lowering.program.reshape(repeated, [batch, height * scale, width * scale, channels])
  }

  package static let sample = LayerSample(
    yaml: "upsample: {scale: 2}", input: .maps(channels: 2, height: 2, width: 3))
}
