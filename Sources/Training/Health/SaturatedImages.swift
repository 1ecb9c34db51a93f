import Foundation
import Spec

extension HealthCheck {
  /// Nearly all values of the images are at the ends of the range.
  ///
  /// Pictures that are black and white themselves say nothing.
  static let saturatedImages = HealthCheck(code: .saturatedImages) { record in
    guard record.spec.objective.objective != nil, record.real.between > Self.leastOfReal,
      let stretches = record.last(3),
      stretches.allSatisfy({ $0.vitals.between < Self.share * record.real.between }),
      let last = stretches.last
    else { return nil }
    return Draft(
      message: String(
        format: "the images are saturated: %.1f %% of their values lie between the darkest and the "
          + "brightest, of real ones %.0f %%", last.vitals.between * 100,
        record.real.between * 100),
      span: record.spec.generator.span,
      notes: ["the last activation passes hardly any gradient there"],
      help: [
        record.lowerRate,
        "look at the initial weights: `init: {weight: {normal: 0.02}, norm_scale: {normal: [1, 0.02]}}` "
          + "are the paper's",
      ],
      stretches: 3)
  }

  /// Of the share that real images have.
  private static let share: Float = 0.2
  private static let leastOfReal: Float = 0.02
}
