import Diagnostics
import Layers
import Spec

extension GraphChecks {
  /// T406: one report for all networks that do not hear of the labels.
  ///
  /// Says nothing where the shapes of one could not be followed.
  func unusedLabels(in networks: [NetworkGraph]) -> Diagnostic? {
    guard let condition = spec.condition, spec.objective.loss != .classification,
      networks.count == spec.roles.count
    else {
      return nil
    }
    let deaf = networks.filter { !$0.usesLabels && !$0.classifies }
    guard !deaf.isEmpty else { return nil }
    let names = deaf.map { "the \($0.role.rawValue)" }.joined(separator: " nor ")
    let way = labelHelp(for: deaf, of: networks, condition)
    return Diagnostic(
      ShapeCode.unusedLabels,
      "the labels \(deaf.count > 1 ? "reach neither" : "do not reach") \(names)",
      at: condition.span,
      secondary: deaf.map {
        .init(span: spec.network($0.role).span, text: "no layer joins them here")
      }, help: way.help, repairs: way.repair.map { [$0] } ?? [])
  }

  /// What would join the labels: `join` alone, unless some are joined by hand or `join` is there.
  private func labelHelp(
    for deaf: [NetworkGraph], of networks: [NetworkGraph], _ condition: ConditionSpec
  ) -> (help: [String], repair: Repair?) {
    let join = ConditionSpec.Join.everywhere
    let written = "condition: {classes: \(condition.classes), join: \(join.rawValue)}"
    let label = LayerKind.concatenateLabels.rawValue
    if condition.join != nil {
      let input = ConditionSpec.Join.input
      return (["`join: \(input.rawValue)` joins them before a first layer without weights"], nil)
    }
    guard deaf.count == networks.count else {
      return (
        [
          "write `- \(label)` where they join",
          "or remove each `\(label)` and write `\(written)`: it joins them in both networks",
        ], nil
      )
    }
    let title = "write `\(written)`: it joins them before every layer with weights"
    let byHand = "or write `- \(label)` where they join"
    guard let edit = condition.joinInsertion(join) else { return ([title, byHand], nil) }
    return ([byHand], Repair(title, .unsafe, [edit]))
  }
}
