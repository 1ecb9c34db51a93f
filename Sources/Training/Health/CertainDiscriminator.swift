import Foundation
import Spec

extension PreviewCheck {
  /// Logits that are large before anything is learned.
  static let certainDiscriminator = PreviewCheck(code: .certainDiscriminator) { sight in
    let logits = sight.logits
    guard sight.spec.objective.loss == .minimax, !sight.beginsTrained, !logits.isEmpty,
      let last = sight.graph.discriminator.nodes.last
    else { return nil }
    let size = logits.map(abs).reduce(0, +) / Float(logits.count)
    guard size > Self.largestLogit else { return nil }
    return Draft(
      message: "before the first step the discriminator is already certain: its logits are "
        + String(format: "%.0f", size)
        + " away from 0 on average, so that it gives probabilities of "
        + "nearly 0 or 1",
      span: last.span,
      help: [
        "initial weights that are too large are the usual cause; the paper's are "
          + "`init: {weight: {normal: 0.02}}`"
      ])
  }

  /// A probability of 0.9991; networks that begin well have logits below 1.
  private static let largestLogit: Float = 7
}
