import Spec

/// What the checks of a training's health look at: its last stretches, and what it learns from.
package struct HealthRecord: Sendable {
  package let spec: Spec
  /// Of real images.
  package let real: Vitals
  /// The newest is the last; at most `HealthRecord.length`.
  package private(set) var stretches: [HealthStretch] = []
  /// The dead channels of the newest look; empty for a look of an earlier process.
  package internal(set) var dead: [HealthProbe.DeadChannels] = []

  /// Stretches that are remembered.
  static let length = 10

  package init(spec: Spec, real: Vitals) {
    self.spec = spec
    self.real = real
  }

  mutating func add(_ stretch: HealthStretch) {
    stretches.append(stretch)
    if stretches.count > Self.length { stretches.removeFirst() }
  }

  /// The last `count` stretches; nil while there are fewer.
  func last(_ count: Int) -> ArraySlice<HealthStretch>? {
    stretches.count < count ? nil : stretches.suffix(count)
  }
}

/// A hundred steps: what they reported, and how the networks looked at their end.
package struct HealthStretch: Hashable, Sendable {
  /// The last step.
  package let step: Int
  package let generatorLoss: Summary
  package let discriminatorLoss: Summary
  package let meanOnReal: Summary
  package let meanOnFake: Summary
  package let vitals: Vitals

  /// Steps in a stretch.
  package static let length = 100

  /// The numbers of a stretch; 0 where there were none.
  package struct Summary: Hashable, Sendable {
    package let least: Float
    package let most: Float
    package let mean: Float

    init(_ numbers: [Float]) {
      least = numbers.min() ?? 0
      most = numbers.max() ?? 0
      mean = numbers.isEmpty ? 0 : numbers.reduce(0, +) / Float(numbers.count)
    }
  }

  init(_ lines: [MetricsLine], vitals: Vitals, step: Int) {
    func summary(_ number: (TrainingSession.Metrics) -> Float?) -> Summary {
      Summary(lines.compactMap { number($0.metrics) })
    }
    self.step = step
    self.vitals = vitals
    generatorLoss = summary(\.generatorLoss)
    discriminatorLoss = summary(\.discriminatorLoss)
    meanOnReal = summary(\.meanOnReal)
    meanOnFake = summary(\.meanOnFake)
  }
}
