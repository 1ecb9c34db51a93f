import Layers
import Spec

extension Guideline {
  static let hiddenBatchNorm = Guideline(
    title: "batchnorm in every hidden layer",
    summary: "Every hidden layer of both networks is followed by batchnorm; a "
      + "discriminator with a gradient penalty needs none.",
    reason: "It lets deep generators begin to learn, and keeps them from collapsing all "
      + "samples to one point.",
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
          - conv_transpose: {filters: 32, norm: none}
      #     ^^^^^^^^^^^^^^
          - conv_transpose: {filters: 3, norm: none, activation: tanh}
      """)
  ) { spec in
    spec.outlines.flatMap { outline -> [GuidelineFinding] in
      // A penalty on each image's gradient does not go together with batchnorm: see G520.
      if outline.role == .discriminator, spec.objective.penalisesSlope { return [] }
      // Nor need weights that stretch nothing a norm besides (Miyato et al. 2018).
      let departing = outline.hidden.filter {
        $0.norm?.kind.isBatchNorm != true && !$0.isSpectral && !($0.endsBranch && $0.norm == nil)
      }
      return departing.map { stage in
        outline.finding(
          stage.norm.map { "has `\($0.kind.rawValue)` in place of batchnorm" }
            ?? "has no batchnorm",
          of: stage.layer, at: stage.norm, label: "hidden layer", help: ["write `norm: batch`"],
          repair: outline.repair(
            "write `norm: batch`", writing: "norm", "batch", in: stage, of: departing))
      }
    }
  }
}
