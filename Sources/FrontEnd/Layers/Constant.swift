import Decoding
import Program

/// Learned maps, the same for every image, whatever comes in: where a generator begins that gets its
/// variety from styles.
///
/// Input  anything; weight [H, W, C]
/// Output [N, H, W, C]. Source: Karras et al. 2019, section 2.1.
package struct Constant: Layer {
  package let output: FeatureShape

  package static let summary = "learned maps, the same for every image"
  package static let source = "Karras et al. 2019, section 2"

  package init(reading options: inout OptionReader) {
    let sizes =
      options.integers(
        "to", counts: [3], in: 1...SizeLimit.elements, bare: true,
        help: "[channels, height, width]") ?? [1, 1, 1]
    output = .maps(channels: sizes[0], height: sizes[1], width: sizes[2])
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    try output.checked()
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    [.perFeature("weight", .weight, of: output, isFlatInFiles: false)]
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let batch = lowering.program.shape(of: x)[0]
    return lowering.program.broadcast(
      lowering.tensor("weight"), to: output.batchShape(batch), axes: [1, 2, 3])
  }

  package static let sample = LayerSample(yaml: "constant: {to: [2, 1, 3]}", input: .vector(2))
}
