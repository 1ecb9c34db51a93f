import Layers
import Spec

extension Guideline {
  static let discriminatorLeakyReLU = Guideline(
    title: "LeakyReLU in all of the discriminator's layers",
    summary: "All layers of the discriminator but the last use LeakyReLU.",
    reason: "It worked well for the paper's authors, above all for images of higher "
      + "resolution: gradients reach the generator through negative values too.",
    source: "Radford et al. 2015, section 3",
    severity: .error,
    clean: GuidelineExample(
      """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32, norm: none}
          - conv: {filters: 64}
          - linear: {units: 1, norm: none, activation: sigmoid}
      """),
    faulty: GuidelineExample(
      """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32, norm: none, activation: relu}
      #                                                 ^^^^
          - conv: {filters: 64}
          - linear: {units: 1, norm: none, activation: sigmoid}
      """)
  ) { spec in
    let outline = NetworkOutline(spec.discriminator)
    let departing = outline.stages.dropLast().filter {
      $0.activation?.kind != .leakyReLU && !$0.hasNoneAtBranchEnd
    }
    return departing.map { stage in
      outline.finding(
        stage.activation.map { "has `\($0.kind.rawValue)` in place of LeakyReLU" }
          ?? "has no activation", of: stage.layer, at: stage.activation,
        label: "before the last layer", help: ["write `activation: {leaky_relu: 0.2}`"],
        repair: outline.repair(
          "write `activation: {leaky_relu: 0.2}`", writing: "activation", "{leaky_relu: 0.2}",
          in: stage, of: departing))
    }
  }
}
