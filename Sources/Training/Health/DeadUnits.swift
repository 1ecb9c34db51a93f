import Files
import Foundation
import Spec

extension HealthCheck {
  /// Many channels of ReLUs give 0 for every image.
  static let deadUnits = HealthCheck(code: .deadUnits) { record in
    guard let stretches = record.last(3),
      stretches.allSatisfy({ $0.vitals.deadChannels > Self.share }),
      let worst = record.dead.max(by: { $0.share < $1.share })
    else { return nil }
    return Draft(
      message: "\(worst.count.grouped) of the \(worst.channels.counted("channel")) of "
        + "`\(worst.node.path)` are dead: they give 0 for every image",
      span: worst.node.span,
      help: [
        (worst.followsNorm ? "use" : "put a norm before this activation, or use")
          + " `leaky_relu`, which lets some gradient through",
        "or " + record.lowerRate,
      ],
      stretches: 3)
  }

  /// Of the channels of all ReLUs.
  private static let share: Float = 0.25
}
