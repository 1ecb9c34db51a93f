import Decoding
import Diagnostics
import Layers
import Spec

extension Guideline {
  static let tanhOutput = Guideline(
    title: "tanh at the generator's output, and data scaled to its range",
    summary: "The generator ends in tanh, and pixels are scaled to [-1, 1].",
    reason: "A bounded activation let the model learn to cover the colours of the training "
      + "images faster.",
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
          - conv_transpose: {filters: 32}
          - conv_transpose: {filters: 3, norm: none, activation: sigmoid}
      #                                                          ^^^^^^^
      """)
  ) { spec in
    let outline = NetworkOutline(spec.generator)
    guard let output = outline.stages.last else { return [] }
    let range = spec.image.range
    let rangeText = "[\(range.lowerBound.yamlText), \(range.upperBound.yamlText)]"
    guard output.activation?.kind == .tanh else {
      var finding = outline.finding(
        output.activation.map { "ends in `\($0.kind.rawValue)`, not in tanh" }
          ?? "ends without an activation, not in tanh", of: output.layer, at: output.activation,
        label: "the output layer",
        help: range == -1...1 ? ["write `activation: tanh`"] : ["write `range: [-1, 1]` too"],
        repair: outline.repair(
          "write `activation: tanh`", writing: "activation", "tanh", in: output, of: [output]))
      finding.secondary.append(.init(span: spec.image.rangeSpan, text: "the range of pixels"))
      return [finding]
    }
    if range == -1...1 { return [] }
    return [
      GuidelineFinding(
        message: "pixels are scaled to \(rangeText), the range of tanh is [-1, 1]",
        span: spec.image.rangeSpan,
        secondary: [.init(span: output.activation?.span ?? output.layer.main.span, text: "tanh")],
        repair: Repair("write `range: [-1, 1]`", .unsafe, spec.image.rangeSpan, "[-1, 1]"))
    ]
  }
}
