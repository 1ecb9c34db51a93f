import Decoding
import Program

/// Gives each channel mean 0 and variance 1 over the batch, then a learned scale and shift.
///
/// y = (x − mean) / √(variance + epsilon) · weight + bias
///
/// Training uses the batch's own moments and remembers them with
/// running = (1 − momentum)·running + momentum·batch, where the variance is the unbiased one;
/// evaluation uses what was remembered, unless `statistics` says otherwise.
///
/// Source: Ioffe and Szegedy 2015; PyTorch's BatchNorm2d.
package struct BatchNormalization: Layer {
  package let options: NormOptions
  package let momentum: Double
  package let grouping: Grouping
  package let statistics: Statistics
  package let extent: Extent

  /// The mean and the variance that evaluation uses.
  package enum Statistics: String, Hashable, Sendable, CaseIterable {
    /// Those that training has remembered.
    case running
    /// Those of the batch itself, as in training: nothing is remembered.
    case batch
    /// Those of the present weights, measured on generated images right before sampling.
    ///
    /// Source: Brock et al. 2019, appendix D, "standing statistics".
    case calibrated
  }

  /// What shares a mean and a variance.
  package enum Grouping: String, Hashable, Sendable, CaseIterable {
    /// All positions of a channel.
    case channel
    /// Each position of a channel by itself, as the paper's authors' code does after `project`.
    case feature
  }

  /// The images whose moments training uses, where `train: {shards: N}` cuts a batch.
  package enum Extent: String, Hashable, Sendable, CaseIterable {
    /// Those of a shard.
    case shard
    /// Those of all shards, as if the batch were not cut.
    case all
  }

  package static let summary =
    "mean 0 and variance 1 for each channel over the batch, then a learned scale and shift"
  package static let source = "Ioffe and Szegedy 2015"

  package init(reading options: inout OptionReader) {
    self.init(NormOptions(reading: &options), reading: &options)
  }

  /// A batchnorm that something else scales and shifts.
  init(readingUnscaled options: inout OptionReader) {
    self.init(NormOptions(readingUnscaled: &options), reading: &options)
  }

  private init(_ norm: NormOptions, reading options: inout OptionReader) {
    self.options = norm
    momentum = options.number(
      "momentum", default: 0.1, in: NumberRange(0...1),
      help: "share of each batch in the running statistics")
    grouping =
      options.choice(
        "per", default: Grouping.channel, help: "the features that share a mean and a variance")
      ?? .channel
    statistics =
      options.choice(
        "statistics", default: Statistics.running,
        help: "the mean and variance of samples: what training remembered, the batch's own, or "
          + "measured anew for the weights as they are")
      ?? .running
    extent =
      options.choice(
        "over", default: Extent.shard,
        help:
          "the images that training takes mean and variance of, where `train: {shards: N}` cuts "
          + "a batch: those of a shard, or all")
      ?? .shard
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    guard statistics != .calibrated || context.isGenerator else {
      throw ShapeProblem(
        "`statistics: calibrated` are measured on what the generator makes",
        help: ["in the discriminator, write `statistics: running`"], options: ["statistics"])
    }
    return input
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let remembered: [(String, Parameter.Role)] =
      statistics == .batch
      ? [] : [(Self.mean, .runningMean), (Self.variance, .runningVariance)]
    switch grouping {
    case .channel:
      return options.parameters(perChannelOf: input)
        + remembered.map { Parameter($0, [input.channels], $1) }
    case .feature:
      return options.parameters(perFeatureOf: input, isFlatInFiles: true)
        + remembered.map { .perFeature($0, $1, of: input, isFlatInFiles: true) }
    }
  }

  /// How many numbers share a mean in a batch of `batch` images; training needs at least 2.
  package func sampleCount(for input: FeatureShape, batch: Int) -> Int {
    switch grouping {
    case .channel: batch * (input.count / max(input.channels, 1))
    case .feature: batch
    }
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let axes = grouping == .feature ? [0] : Array(0..<shape.rank - 1)
    let mean: Value
    let variance: Value
    if lowering.mode == .evaluate, statistics != .batch {
      (mean, variance) = (lowering.tensor(Self.mean), lowering.tensor(Self.variance))
    } else {
      let shards = extent == .all && lowering.mode == .train ? lowering.shards : 1
      (mean, variance) = lowering.program.moments(x, over: axes, amongShards: shards > 1)
      let count = Double(axes.reduce(shards) { $0 * shape[$1] })
      // A single number has no unbiased variance; specs that ask for it are refused.
      let unbiased = lowering.program.scale(variance, by: count / max(count - 1, 1))
      remember(Self.mean, mean, in: &lowering)
      remember(Self.variance, unbiased, in: &lowering)
    }
    let normalized = lowering.program.normalized(
      x, mean: mean, variance: variance, over: axes, epsilon: options.epsilon)
    return lowering.scaledAndShifted(normalized, options)
  }

  package static let sample = LayerSample(
    yaml: "batch_norm: {epsilon: 0.001, per: channel}",
    input: .maps(channels: 2, height: 2, width: 3))

  private static let (mean, variance) = ("running_mean", "running_var")

  private func remember(_ name: String, _ new: Value, in lowering: inout Lowering) {
    if statistics == .batch { return }
    switch lowering.mode {
    case .train:
      let kept = lowering.program.scale(lowering.tensor(name), by: 1 - momentum)
      let added = lowering.program.scale(new, by: momentum)
      lowering.update(name, to: lowering.program.add(kept, added))
    case .calibrate: lowering.update(name, to: new)
    case .evaluate: break
    }
  }
}
