import Layers
import Spec

extension Guideline {
  static let uselessBias = Guideline(
    title: "no bias before batchnorm",
    summary: "A layer before batchnorm has no bias.",
    reason: "Batchnorm subtracts the mean, and the bias with it; its own shift "
      + "replaces the bias.",
    source: "Ioffe and Szegedy 2015, section 3.2",
    severity: .note,
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
          - conv: {filters: 64, bias: true}
      #                               ^^^^
          - linear: {units: 1, norm: none, activation: sigmoid}
      """)
  ) { spec in
    spec.outlines.flatMap { outline in
      outline.stages.compactMap { stage in
        let layer = stage.layer
        let isNext =
          layer.norm == nil && layer.activation == nil && stage.next?.main.kind.isBatchNorm == true
        // A bias that is not asked for leaves by itself before a norm.
        guard layer.main["bias"] == "true", layer.norm?.kind.isBatchNorm == true || isNext else {
          return nil
        }
        var finding = outline.finding(
          "has a bias that batchnorm removes", of: layer, help: ["write `bias: false`"])
        finding.span = layer.main.span(of: "bias")
        let spans = outline.layers.compactMap { $0.main.writtenSpan(of: "bias") }
        finding.repair = outline.repair(
          "write `bias: false`", at: layer.main.writtenSpan(of: "bias"), "false", of: spans,
          among: spans)
        return finding
      }
    }
  }
}
