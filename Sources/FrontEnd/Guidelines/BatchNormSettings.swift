import Decoding
import Diagnostics
import Layers
import Spec

extension Guideline {
  static let batchNormSettings = Guideline(
    title: "batchnorm's epsilon and momentum within sane ranges",
    summary: "Epsilon is small beside 1, and momentum is the share of the new batch.",
    reason: "Epsilon only guards against a variance of 0; 0.8, meant as a momentum, is a "
      + "known mistake. Momentum is defined as in PyTorch: 0.1 keeps nine tenths of the running value, "
      + "for which other programs write 0.9.",
    source: "Ioffe and Szegedy 2015",
    severity: .advice,
    clean: GuidelineExample(
      """
      generator:
        defaults: {kernel: 4, stride: 2, norm: {batch: {epsilon: 1e-5}}, activation: relu}
        layers:
          - project: {to: [64, 4, 4]}
          - conv_transpose: {filters: 32}
          - conv_transpose: {filters: 3, norm: none, activation: tanh}
      """),
    faulty: GuidelineExample(
      """
      generator:
        defaults: {kernel: 4, stride: 2, norm: {batch: {epsilon: 0.8}}, activation: relu}
      #                                                          ^^^
        layers:
          - project: {to: [64, 4, 4]}
          - conv_transpose: {filters: 32}
          - conv_transpose: {filters: 3, norm: none, activation: tanh}
      """)
  ) { spec in
    spec.outlines.flatMap { outline in
      outline.layers.flatMap { layer in
        layer.components.map(\.component).filter { $0.kind.isBatchNorm }.flatMap { norm in
          [("epsilon", saneEpsilon), ("momentum", saneMomentum)].compactMap { option, range in
            guard let value = norm.number(option), !range.contains(value) else { return nil }
            var finding = outline.finding(
              "has a batchnorm with \(option) \(value.yamlText)", of: layer, at: norm,
              label: "\(option); usual is \(option == "epsilon" ? "0.00001" : "0.1")")
            finding.span = norm.span(of: option)
            let usual = option == "epsilon" ? "1e-5" : "0.1"
            finding.repair = norm.writtenSpan(of: option).map {
              Repair("write `\(usual)`", .unsafe, $0, usual)
            }
            finding.secondary = []
            return finding
          }
        }
      }
    }
  }
}

/// From the 1e-8 of the paper's authors' code to a hundredth of a variance of 1.
private let saneEpsilon = 1e-8...0.01

/// From a memory of a thousand batches to one of two.
private let saneMomentum = 0.001...0.5
