import Foundation
import Spec

extension HealthCheck {
  /// For a thousand steps the discriminator has not told real images from generated ones.
  static let blindDiscriminator = HealthCheck(code: .blindDiscriminator) { record in
    guard record.spec.objective.loss == .minimax, let stretches = record.last(10),
      stretches.allSatisfy({ abs($0.meanOnReal.mean - $0.meanOnFake.mean) < Self.same }),
      let last = stretches.last
    else { return nil }
    return Draft(
      message: String(
        format:
          "the discriminator tells nothing apart: D(x) and D(G(z)) have been %.3f and %.3f for "
          + "1,000 steps", last.meanOnReal.mean, last.meanOnFake.mean),
      span: record.spec.discriminator.span,
      notes: ["a generator that every answer praises alike learns nothing"],
      help: ["give the discriminator more filters or layers"],
      stretches: 10)
  }

  private static let same: Float = 0.02
}
