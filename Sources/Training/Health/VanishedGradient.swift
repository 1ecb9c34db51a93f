import Files
import Spec

extension PreviewCheck {
  /// Weights that the first step would not move.
  static let vanishedGradient = PreviewCheck(code: .vanishedGradient) { sight in
    guard let first = sight.unmoved.first,
      let node = (sight.graph.generator.nodes + sight.graph.discriminator.nodes).first(where: {
        $0.parameters.contains(first)
      })
    else { return nil }
    let rest = sight.unmoved.count - 1
    return Draft(
      message: "`\(first.name)` has a gradient of 0 in the first step"
        + (rest == 0
          ? "" : ", and so \(rest == 1 ? "has" : "have") \(rest.counted("other tensor"))"),
      span: node.span,
      help: [
        "look at the activations around this layer: one that is saturated, or negative everywhere, "
          + "passes nothing on; so do initial weights that are far too large or all 0"
      ])
  }
}
