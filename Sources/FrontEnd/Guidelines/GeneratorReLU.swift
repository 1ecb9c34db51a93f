import Layers
import Spec

extension Guideline {
  static let generatorReLU = Guideline(
    title: "ReLU in the generator's hidden layers",
    summary: "All layers of the generator but the output use ReLU.",
    reason: "Bounded activations let the model saturate; with ReLU it learned faster and "
      + "covered the colours of the training images.",
    source: "Radford et al. 2015, section 3",
    severity: .error,
    clean: GuidelineExample(
      """
      generator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
        layers:
          - project: {to: [64, 4, 4]}
          - conv_transpose: {filters: 32}
          - conv_transpose: {filters: 3, norm: none, activation: tanh}
      """),
    faulty: GuidelineExample(
      """
      generator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
        layers:
          - project: {to: [64, 4, 4]}
          - conv_transpose: {filters: 32, activation: tanh}
      #                                               ^^^^
          - conv_transpose: {filters: 3, norm: none, activation: tanh}
      """)
  ) { spec in
    let outline = NetworkOutline(spec.generator)
    let departing = outline.hidden.filter { $0.activation?.kind != .relu && !$0.hasNoneAtBranchEnd }
    return departing.map { stage in
      outline.finding(
        stage.activation.map { "has `\($0.kind.rawValue)` in place of ReLU" }
          ?? "has no activation", of: stage.layer, at: stage.activation, label: "hidden layer",
        help: ["write `activation: relu`"],
        repair: outline.repair(
          "write `activation: relu`", writing: "activation", "relu", in: stage, of: departing))
    }
  }
}
