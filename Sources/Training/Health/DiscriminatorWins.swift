import Foundation
import Spec

extension HealthCheck {
  /// For hundreds of steps the discriminator has made hardly any mistake.
  ///
  /// The scores of Wasserstein's critic have no end, and say nothing of who wins.
  static let discriminatorWins = HealthCheck(code: .discriminatorWins) { record in
    guard record.spec.objective.loss.endsAtZero, let stretches = record.last(3),
      stretches.allSatisfy({ $0.discriminatorLoss.mean < Self.won })
    else { return nil }
    let last = stretches.map(\.discriminatorLoss.mean).reduce(0, +) / 3
    let size = last < 0.0001 ? "below 0.0001" : String(format: "%.4f", last)
    var message = "the discriminator has won: its loss has been \(size) for 300 steps"
    if record.spec.objective.loss == .minimax, let stretch = stretches.last {
      message += String(
        format: ", with D(x) %.3f and D(G(z)) %.3f", stretch.meanOnReal.mean,
        stretch.meanOnFake.mean)
    }
    return Draft(
      message: message, span: record.spec.discriminator.span,
      notes: ["the generator learns next to nothing from a discriminator that is always right"],
      help: [
        record.lowerRate,
        "or make the discriminator weaker: fewer filters, or `dropout` in it",
        "or choose an objective whose gradient does not vanish: `loss: least_squares`, or "
          + "`wasserstein` with a `gradient_penalty`",
      ],
      stretches: 3)
  }

  /// A mean probability of 0.99 for the right answer.
  private static let won: Float = 0.02
}
