import Decoding
import Program

/// Gives the same numbers, in C, H, W order, another form: `[C, H, W]` or `[F]`.
package struct Reshape: Layer {
  package let output: FeatureShape

  package static let summary = "the same numbers in another form"

  package init(reading options: inout OptionReader) {
    let sizes =
      options.integers(
        "to", counts: [1, 3], in: 1...SizeLimit.elements, bare: true,
        help: "[channels, height, width], or one size") ?? [1]
    output =
      sizes.count == 1
      ? .vector(sizes[0]) : .maps(channels: sizes[0], height: sizes[1], width: sizes[2])
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let output = try output.checked()
    guard output.count == input.count else {
      throw ShapeProblem(
        "\(output) has \(output.count) numbers, the input \(input) has \(input.count)",
        options: ["to"])
    }
    return output
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let vector = lowering.vector(x)
    return lowering.features(vector, as: output)
  }

  package static let sample = LayerSample(yaml: "reshape: {to: [2, 3, 2]}", input: .vector(12))
}
