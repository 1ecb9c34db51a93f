import Diagnostics
import Foundation
import Spec

extension HealthCheck {
  /// The discriminator is certain and wrong again and again.
  ///
  /// A loss of 10 stands for a probability of 0.00005 for the right answer. A training that begins
  /// may have one such moment.
  static let oscillation = HealthCheck(code: .oscillation) { record in
    guard record.spec.objective.loss.endsAtZero, let last = record.stretches.last,
      last.discriminatorLoss.most > Self.wrong,
      last.generatorLoss.mean > 2 * Self.wrong
        || record.stretches.suffix(5).count(where: { $0.discriminatorLoss.most > Self.wrong }) > 1
    else { return nil }
    func range(_ losses: HealthStretch.Summary) -> String {
      "\(losses.least.asLoss) and \(losses.most.asLoss)"
    }
    return Draft(
      message: "the losses swing: within 100 steps that of the discriminator went between "
        + "\(range(last.discriminatorLoss)), that of the generator between "
        + range(last.generatorLoss),
      span: record.spec.train.quickest.rateSpan,
      help: [record.lowerRate],
      stretches: 1)
  }

  private static let wrong: Float = 10
}

extension Float {
  /// As a message shows a loss: 0 for what rounds to it.
  fileprivate var asLoss: String {
    String(format: abs(self) < 0.005 ? "0" : abs(self) < 10 ? "%.2f" : "%.0f", self)
  }
}

extension HealthRecord {
  /// What to try with the learning rate.
  var lowerRate: String {
    let rate = spec.train.quickest.learningRate
    return rate > 0.0002
      ? "lower the learning rate: it is \(rate.yamlText), the paper's is 0.0002"
      : "lower the learning rate, which is \(rate.yamlText)"
  }
}

extension TrainSpec {
  /// The optimiser with the highest learning rate.
  var quickest: OptimizerSpec {
    optimizers.map(\.optimizer).max { $0.learningRate < $1.learningRate } ?? optimizer
  }
}

extension OptimizerSpec {
  /// Where its learning rate stands, or its name.
  var rateSpan: SourceSpan { optionSpans["learning_rate"] ?? span }
}
