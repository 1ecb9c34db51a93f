import Diagnostics
import Spec

extension Guideline {
  static let outputWithoutEffect = Guideline(
    title: "no sigmoid at the discriminator's output but for minimax",
    summary: "Under hinge, Wasserstein and least squares the discriminator ends without a sigmoid.",
    reason: "Their losses are about scores without bounds. They are computed from the value before "
      + "the sigmoid, which therefore has no effect on training.",
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
      let activation = output.activation, activation.kind == .sigmoid
    else { return [] }
    let title = "write `activation: none`"
    let repair = outline.repair(
      title, writing: "activation", "none", in: output, of: [output])
    return [
      outline.finding(
        "ends in a sigmoid, which has no effect under `\(spec.objective.loss.rawValue)`",
        of: output.layer, at: activation, label: "the last layer", help: [title],
        // The losses stay the same, to the last digit.
        repair: repair.map { Repair(title, .safe, $0.edits) })
    ]
  }
}
