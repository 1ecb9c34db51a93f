import Layers
import Spec

extension Guideline {
  static let globalAveragePooling = Guideline(
    title: "global average pooling is stabler, but slower to converge",
    summary: "The last maps go to the output directly, not through global average pooling.",
    reason: "Global average pooling increased the stability of models, but hurt the speed of "
      + "convergence.",
    source: "Radford et al. 2015, section 3",
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
          - conv: {filters: 64}
          - global_average_pool
      #     ^^^^^^^^^^^^^^^^^^^
          - linear: {units: 1, norm: none, activation: sigmoid}
      """)
  ) { spec in
    spec.outlines.flatMap { outline in
      outline.layers.filter { $0.main.kind == .globalAveragePool }.map { layer in
        outline.finding("makes training stabler, but slower to converge", of: layer)
      }
    }
  }
}
