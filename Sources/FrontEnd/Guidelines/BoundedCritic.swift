import Spec

extension Guideline {
  static let boundedCritic = Guideline(
    title: "a gradient penalty under the Wasserstein loss",
    summary: "The Wasserstein loss comes with a gradient penalty.",
    reason: "It measures a distance only while the critic's slope is bounded; without a bound the "
      + "critic's outputs grow for as long as training lasts.",
    source: "Gulrajani et al. 2017, section 4",
    severity: .advice,
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
          - linear: {units: 1, norm: none, activation: none}
      objective: {loss: wasserstein}
      #                 ^^^^^^^^^^^
      """)
  ) { spec in
    // Weights that are clipped, or divided by their largest singular value, bound it, too (Arjovsky
    // et al. 2017, Miyato et al. 2018).
    let stages = NetworkOutline(spec.discriminator).stages
    guard stages.contains(where: { !$0.isSpectral }), spec.objective.loss == .wasserstein,
      !spec.objective.penalisesSlope,
      spec.train.discriminator.clipWeights == 0
    else { return [] }
    return [
      GuidelineFinding(
        message: "nothing bounds the slope of the Wasserstein critic", span: spec.objective.span,
        help: [
          "write `objective: {loss: wasserstein, gradient_penalty: 10}`, and `norm: layer` in "
            + "the discriminator"
        ])
    ]
  }
}
