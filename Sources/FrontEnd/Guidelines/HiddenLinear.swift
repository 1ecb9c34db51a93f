import Layers
import Spec

extension Guideline {
  static let noHiddenLinear = Guideline(
    title: "no fully connected hidden layers",
    summary: "The projection of z and the discriminator's last layer are the only fully "
      + "connected ones.",
    reason: "Convolutions alone make deeper architectures stable.",
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
          - conv: {filters: 32, norm: none}
          - conv: {filters: 64}
          - linear: {units: 1024}
      #     ^^^^^^
          - linear: {units: 1, norm: none, activation: sigmoid}
      """)
  ) { spec in
    spec.outlines.flatMap { outline in
      outline.stages.enumerated().compactMap { index, stage in
        guard stage.kind == .linear || stage.kind == .project,
          !isAllowed(stage, at: index, in: outline)
        else { return nil }
        return outline.finding(
          "is a fully connected hidden layer", of: stage.layer, label: "fully connected",
          help: ["remove it, or use a `conv` or `conv_transpose`"])
      }
    }
  }
}

/// The first layer of the generator, which makes maps of z, and the last of the discriminator.
private func isAllowed(
  _ stage: NetworkOutline.Stage, at index: Int, in outline: NetworkOutline
) -> Bool {
  switch outline.role {
  case .generator:
    index == 0 && (stage.kind == .project || stage.next?.main.kind == .reshape)
  case .discriminator: index == outline.stages.count - 1 && stage.kind == .linear
  }
}
