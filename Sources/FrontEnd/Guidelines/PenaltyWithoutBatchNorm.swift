import Spec

extension Guideline {
  static let penaltyWithoutBatchNorm = Guideline(
    title: "no batchnorm in a discriminator with a gradient penalty",
    summary: "A discriminator whose gradient is penalised has no batchnorm.",
    reason: "The penalty is about the gradient of each image by itself; batchnorm makes every "
      + "output depend on the whole batch. Layer normalisation does not.",
    source: "Gulrajani et al. 2017, section 4",
    severity: .warning,
    clean: GuidelineExample(
      """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: layer, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32, norm: none}
          - conv: {filters: 64}
          - linear: {units: 1, norm: none, activation: none}
      objective: {loss: wasserstein, gradient_penalty: 10}
      """),
    faulty: GuidelineExample(
      """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32, norm: none}
          - conv: {filters: 64}
      #     ^^^^
          - linear: {units: 1, norm: none, activation: none}
      objective: {loss: wasserstein, gradient_penalty: 10}
      """)
  ) { spec in
    guard spec.objective.penalisesSlope else { return [] }
    let outline = NetworkOutline(spec.discriminator)
    let departing = outline.stages.filter { $0.norm?.kind.isBatchNorm == true }
    return departing.map { stage in
      outline.finding(
        "has batchnorm under a gradient penalty", of: stage.layer, at: stage.norm,
        label: "ties the images of a batch together", help: ["write `norm: layer`"],
        repair: outline.repair(
          "write `norm: layer`", writing: "norm", "layer", in: stage, of: departing))
    }
  }
}
