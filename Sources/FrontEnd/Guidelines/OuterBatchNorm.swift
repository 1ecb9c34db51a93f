import Layers
import Spec

extension Guideline {
  static let noOuterBatchNorm = Guideline(
    title: "no batchnorm at the generator's output and the discriminator's input",
    summary: "The layers next to the image have no batchnorm.",
    reason: "Batchnorm in all layers made samples oscillate and training unstable: the "
      + "mean and scale of the images must pass through.",
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
        defaults: {kernel: 4, stride: 2, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32, norm: batch}
      #                               ^^^^^
          - conv: {filters: 64, norm: batch}
          - linear: {units: 1, activation: sigmoid}
      """)
  ) { spec in
    spec.outlines.flatMap { outline in
      let (stage, place) =
        switch outline.role {
        case .generator: (outline.stages.last, "output")
        case .discriminator: (outline.stages.first, "input")
        }
      guard let stage, stage.norm?.kind.isBatchNorm == true else { return [GuidelineFinding]() }
      return [
        outline.finding(
          "has batchnorm at the \(place)", of: stage.layer, at: stage.norm,
          label: "the \(place) layer", help: ["write `norm: none` in this layer"],
          repair: outline.repair(
            "write `norm: none` in this layer", writing: "norm", "none", in: stage, of: [stage]))
      ]
    }
  }
}
