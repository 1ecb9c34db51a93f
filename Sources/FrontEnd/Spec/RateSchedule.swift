import Decoding
import Diagnostics
import Foundation

/// What the learning rates of both networks are multiplied by in the course of a training.
public struct RateSchedule: Hashable, Sendable {
  /// Steps in which the rates rise from nothing; 0 by default.
  public let warmUp: Int
  /// Nil for rates that stay.
  public let decay: Decay?

  /// How rates fall from epoch `from` to epoch `until`, both counted from 0, to `share` of what they
  /// were.
  public struct Decay: Hashable, Sendable {
    public let curve: Curve
    public let from: Int
    public let until: Int
    public let share: Double

    public enum Curve: String, Hashable, Sendable, CaseIterable {
      case linear
      /// Half a wave. Source: Loshchilov and Hutter 2017, equation 5.
      case cosine
    }
  }

  /// The factor of the step after `step` others, in an epoch and a part of it, such as 2.5.
  public func factor(step: Int, epoch: Double) -> Double {
    var factor = 1.0
    if step < warmUp { factor = Double(step + 1) / Double(warmUp) }
    guard let decay, decay.until > decay.from else { return factor }
    let way = (epoch - Double(decay.from)) / Double(decay.until - decay.from)
    let progress = min(max(way, 0), 1)
    let left =
      switch decay.curve {
      case .linear: 1 - progress
      case .cosine: (1 + cos(.pi * progress)) / 2
      }
    return factor * (decay.share + (1 - decay.share) * left)
  }
}

extension RateSchedule {
  /// Reads `warm_up: 500` and `decay: {linear: {from: 10, until: 20, share: 0}}` of `train`.
  init(reading train: inout OptionReader) {
    warmUp = train.integer(
      "warm_up", default: 0, in: 0...1_000_000_000,
      help: "steps in which the learning rates rise from nothing")
    let decay = train.named(
      "decay", known: ["none"] + Decay.Curve.allCases.map(\.rawValue), default: "none",
      help: "how the learning rates fall over epochs"
    ) { named, options -> Decay? in
      guard let curve = Decay.Curve(rawValue: named.name) else { return nil }
      let from = options.integer(
        "from", default: 0, in: 0...1_000_000, help: "the epoch after which they begin to fall")
      let until = options.integer(
        "until", default: 10, in: 1...1_000_000, help: "the epoch after which they stay")
      let share = options.number(
        "share", default: 0, in: NumberRange(0...1), help: "what is left of them then")
      if until <= from, !options.isRecording {
        options.report(
          .wrongForm(
            "`until` must be a later epoch than `from`, found \(until) and \(from)",
            at: options.span(of: "until"), help: ["write `until: \(from + 1)` or more"]))
      }
      return Decay(curve: curve, from: from, until: until, share: share)
    }
    self.decay = decay ?? nil
  }
}
