import Diagnostics
import Layers
import Spec

extension Guideline {
  static let sigmoidOutput = Guideline(
    title: "the discriminator ends in one sigmoid output",
    summary: "The discriminator's last layer has one output, the probability that the image is"
      + " real.",
    reason: "The minimax objective is about this probability. It is computed from the value "
      + "before the sigmoid, which loses no digits. Other objectives have outputs of "
      + "their own.",
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
          - linear: {units: 1, norm: none, activation: none}
      #     ^^^^^^
      """)
  ) { spec in
    let outline = NetworkOutline(spec.discriminator)
    guard let output = outline.stages.last, spec.objective.loss == .minimax else { return [] }
    let outputs =
      output.kind == .labelProjection
      ? "1" : output.layer.main["units"] ?? output.layer.main["filters"]
    if outputs != "1" {
      return [
        outline.finding(
          "ends in \(outputs ?? "several") outputs, not in one", of: output.layer,
          label: "the last layer", help: ["write `- linear: {units: 1, activation: sigmoid}`"],
          repair: (output.layer.main.writtenSpan(of: "units")
            ?? output.layer.main.writtenSpan(of: "filters")).map {
              Repair("write `1`", .unsafe, $0, "1")
            })
      ]
    }
    guard output.activation?.kind != .sigmoid else { return [] }
    return [
      outline.finding(
        output.activation.map { "ends in `\($0.kind.rawValue)`, not in a sigmoid" }
          ?? "ends without a sigmoid", of: output.layer, at: output.activation,
        label: "the last layer", help: ["write `activation: sigmoid`"],
        repair: outline.repair(
          "write `activation: sigmoid`", writing: "activation", "sigmoid", in: output,
          of: [output]))
    ]
  }
}
