import Files
import Foundation
import Model

/// A line of `metrics.jsonl`: what one step has reported.
package struct MetricsLine: Hashable, Sendable {
  package var step: Int
  /// Counted from 1.
  package var epoch: Int
  /// Trained on since the start.
  package var images: Int
  package var metrics: TrainingSession.Metrics
  /// At the steps that a health check follows.
  package var vitals: Vitals?
  /// Seconds of training since the run began, over all its processes.
  package var seconds: Double

  package init(
    step: Int, epoch: Int, images: Int, metrics: TrainingSession.Metrics, vitals: Vitals?,
    seconds: Double
  ) {
    self.step = step
    self.epoch = epoch
    self.images = images
    self.metrics = metrics
    self.vitals = vitals
    self.seconds = seconds
  }

  private enum Key: String {
    case step, epoch, images, seconds
    case discriminatorLoss = "loss_discriminator"
    case generatorLoss = "loss_generator"
    case spread, nearest, between
    case deadChannels = "dead_channels"
  }

  /// The numbers that a step may have, each with the key of its field.
  private static var numbers:
    [(key: String, place: WritableKeyPath<TrainingSession.Metrics, Float?>)]
  {
    [
      (Key.discriminatorLoss.rawValue, \.discriminatorLoss),
      (Key.generatorLoss.rawValue, \.generatorLoss),
      (TensorName.meanOnReal, \.meanOnReal), (TensorName.meanOnFake, \.meanOnFake),
      (TensorName.scoreOnReal, \.scoreOnReal), (TensorName.scoreOnFake, \.scoreOnFake),
    ]
  }

  var text: String {
    var fields: [(key: String, value: JSONText)] = [
      (Key.step.rawValue, .integer(step)), (Key.epoch.rawValue, .integer(epoch)),
      (Key.images.rawValue, .integer(images)),
    ]
    for (key, place) in Self.numbers {
      if let value = metrics[keyPath: place] { fields.append((key, .real(value))) }
    }
    if let vitals {
      fields += [
        (Key.spread.rawValue, .real(vitals.spread)), (Key.nearest.rawValue, .real(vitals.nearest)),
        (Key.between.rawValue, .real(vitals.between)),
        (Key.deadChannels.rawValue, .real(vitals.deadChannels)),
      ]
    }
    fields.append((Key.seconds.rawValue, .number(String(format: "%.3f", seconds))))
    return JSONText.object(fields).compact
  }

  /// Nil for a line that is no object with a step: one that a kill has cut, or none of ours.
  package init?(_ text: Substring) {
    // What a cut line said is written again when the training goes on.
    guard
      let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let step = object[Key.step.rawValue] as? Int
    else { return nil }
    func number(_ key: Key) -> Float? { (object[key.rawValue] as? NSNumber)?.floatValue }
    self.step = step
    epoch = object[Key.epoch.rawValue] as? Int ?? 1
    images = object[Key.images.rawValue] as? Int ?? 0
    seconds = (object[Key.seconds.rawValue] as? NSNumber)?.doubleValue ?? 0
    metrics = TrainingSession.Metrics()
    for (key, place) in Self.numbers {
      metrics[keyPath: place] = (object[key] as? NSNumber)?.floatValue
    }
    if let spread = number(.spread), let nearest = number(.nearest),
      let between = number(.between), let dead = number(.deadChannels)
    {
      vitals = Vitals(spread: spread, nearest: nearest, between: between, deadChannels: dead)
    } else {
      vitals = nil
    }
  }
}
