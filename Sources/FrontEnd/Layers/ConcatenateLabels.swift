import Decoding
import Program

/// Appends the one-hot labels: to a vector as further features, to maps as further channels that
/// are constant over all positions.
///
/// Input  [N, F] or [N, H, W, C], labels [N, L]
/// Output [N, F + L] or [N, H, W, C + L]
///
/// Source: Mirza and Osindero 2014.
package struct ConcatenateLabels: Layer {
  package static let summary = "joins the labels of a `condition`"
  package static let source = "Mirza and Osindero 2014"

  package init(reading options: inout OptionReader) {}

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    try Self.output(for: input, context.requiredClasses()).checked()
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    guard let labels = lowering.labels else {
      preconditionFailure("a conditional network is lowered with labels")
    }
    let shape = lowering.program.shape(of: x)
    guard shape.rank == 4 else { return lowering.program.concatenate([x, labels], axis: 1) }
    let classes = lowering.program.shape(of: labels)[1]
    let maps = lowering.program.broadcast(
      labels, to: [shape[0], shape[1], shape[2], classes], axes: [0, 3])
    return lowering.program.concatenate([x, maps], axis: 3)
  }

  package static let sample = LayerSample(
    yaml: "concatenate_labels:", input: .maps(channels: 2, height: 2, width: 2), classes: 3)

  private static func output(for input: FeatureShape, _ classes: Int) -> FeatureShape {
    switch input {
    case .vector(let size): .vector(size + classes)
    case .maps(let channels, let height, let width):
      .maps(channels: channels + classes, height: height, width: width)
    }
  }
}
