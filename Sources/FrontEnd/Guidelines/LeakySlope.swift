import Decoding
import Diagnostics
import Layers
import Spec

extension Guideline {
  static let leakySlope = Guideline(
    title: "LeakyReLU with slope 0.2",
    summary: "Under the minimax loss LeakyReLU scales negative values by 0.2.",
    reason: "All models in the paper use it.",
    source: "Radford et al. 2015, section 4",
    severity: .advice,
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
          - conv: {filters: 64, activation: {leaky_relu: 0.01}}
      #                                                  ^^^^
          - linear: {units: 1, norm: none, activation: sigmoid}
      """)
  ) { spec in
    guard spec.objective.isOfThePaper else { return [] }
    return spec.outlines.flatMap { outline in
      outline.layers.flatMap { layer in
        layer.components.map(\.component).compactMap { component in
          guard component.kind == .leakyReLU, let slope = component.number("slope"), slope != 0.2
          else { return nil }
          var finding = outline.finding(
            "has a LeakyReLU of slope \(slope.yamlText); the paper's is 0.2", of: layer,
            at: component,
            repair: component.writtenSpan(of: "slope").map {
              Repair("write `0.2`", .unsafe, $0, "0.2")
            })
          finding.span = component.span(of: "slope")
          finding.secondary = []
          return finding
        }
      }
    }
  }
}
