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
    let (low, high) = (last.discriminatorLoss.least, last.discriminatorLoss.most)
    return Draft(
      message: String(
        format:
          "the losses swing: within 100 steps that of the discriminator went between %.2g and "
          + "%.0f, that of the generator between %.2g and %.0f", low, high,
        last.generatorLoss.least, last.generatorLoss.most),
      span: record.spec.train.optimizer.optionSpans["learning_rate"]
        ?? record.spec.train.optimizer.span,
      help: [record.lowerRate],
      stretches: 1)
  }

  private static let wrong: Float = 10
}

extension HealthRecord {
  /// What to try with the learning rate.
  var lowerRate: String {
    let rate = spec.train.optimizer.learningRate
    return rate > 0.0002
      ? "lower the learning rate: it is \(rate.yamlText), the paper's is 0.0002"
      : "lower the learning rate, which is \(rate.yamlText)"
  }
}
