import Decoding
import Diagnostics
import Optimizers
import Spec

extension Guideline {
  static let adamSettings = Guideline(
    title: "Adam with learning rate 0.0002 and β1 0.5",
    summary:
      "Under the minimax loss both networks are trained by Adam with learning rate 0.0002 and "
      + "β1 0.5.",
    reason: "The suggested learning rate of 0.001 was too high, and β1 at 0.9 made training "
      + "oscillate.",
    source: "Radford et al. 2015, section 4",
    severity: .advice,
    clean: GuidelineExample(
      """
      train:
        optimizer: {adam: {learning_rate: 0.0002, beta1: 0.5}}
      """),
    faulty: GuidelineExample(
      """
      train:
        optimizer: {adam: {learning_rate: 0.0002, beta1: 0.9}}
      #                                                  ^^^
      """)
  ) { spec in
    guard spec.objective.isOfThePaper else { return [] }
    return spec.train.optimizers.flatMap { owner, optimizer in findings(of: optimizer, owner) }
  }

  /// - Parameter owner: the network that the optimiser is of, unless it is of both.
  private static func findings(of optimizer: OptimizerSpec, _ owner: NetworkRole?)
    -> [GuidelineFinding]
  {
    guard case .adam(let adam) = optimizer.rule else {
      return [
        GuidelineFinding(
          message: "the paper trained with Adam", span: optimizer.span, help: ["write `adam`"])
      ]
    }
    let whose = owner.map { "the \($0.rawValue)'s" }
    var findings: [GuidelineFinding] = []
    if optimizer.learningRate != 0.0002 {
      findings.append(
        GuidelineFinding(
          message: "\(whose ?? "the") learning rate is \(optimizer.learningRate.yamlText); "
            + "the paper found 0.0002 to work, and 0.001 to be too high",
          span: optimizer.optionSpans["learning_rate"] ?? optimizer.span,
          repair: optimizer.repair(of: "learning_rate", "0.0002")))
    }
    if adam.beta1 != 0.5 {
      findings.append(
        GuidelineFinding(
          message:
            "\(whose.map { "\($0) " } ?? "")β1 is \(adam.beta1.yamlText); the paper found 0.5 "
            + "to be stable, and 0.9 to oscillate",
          span: optimizer.optionSpans["beta1"] ?? optimizer.span,
          repair: optimizer.repair(of: "beta1", "0.5")))
    }
    return findings
  }
}

extension OptimizerSpec {
  fileprivate func repair(of option: String, _ value: String) -> Repair? {
    optionSpans[option].map { Repair("write `\(option): \(value)`", .unsafe, $0, value) }
  }
}
