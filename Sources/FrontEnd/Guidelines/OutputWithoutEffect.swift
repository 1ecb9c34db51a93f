import Diagnostics
import Spec

extension Guideline {
  static let outputWithoutEffect = Guideline(
    title: "no activation at the discriminator's output but for minimax",
    summary: "Under other losses than minimax the discriminator ends without an activation.",
    reason: "These losses are about scores without bounds, on both sides of 0; an activation takes "
      + "some of them away. They are computed from the value before a sigmoid, which therefore has "
      + "no effect on training.",
    source: "Arjovsky et al. 2017, section 3; Mao et al. 2017, section 3; Lim and Ye 2017",
    severity: .warning,
    clean: GuidelineExample(
      """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32, norm: none}
          - conv: {filters: 64}
          - linear: {units: 1, norm: none, activation: none}
      objective: {loss: hinge}
      """),
    faulty: GuidelineExample(
      """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32, norm: none}
          - conv: {filters: 64}
          - linear: {units: 1, norm: none, activation: sigmoid}
      #                                                ^^^^^^^
      objective: {loss: hinge}
      """)
  ) { spec in
    let outline = NetworkOutline(spec.discriminator)
    guard spec.objective.loss != .minimax, let output = outline.stages.last,
      let activation = output.activation
    else { return [] }
    let loss = spec.objective.loss.rawValue
    let isSigmoid = activation.kind == .sigmoid
    let title = "write `activation: none`"
    let repair = outline.repair(
      title, writing: "activation", "none", in: output, of: [output])
    return [
      outline.finding(
        isSigmoid
          ? "ends in a sigmoid, which has no effect under `\(loss)`"
          : "ends in `\(activation.kind.rawValue)`, though the scores of `\(loss)` have no bounds",
        of: output.layer, at: activation, label: "the last layer", help: [title],
        // Without a sigmoid the losses stay the same, to the last digit.
        repair: repair.map { Repair(title, isSigmoid ? .safe : .unsafe, $0.edits) })
    ]
  }
}
