import Decoding
import Diagnostics
import Objectives

/// How both networks are trained.
public struct TrainSpec: Hashable, Sendable {
  /// Images per step, from 1 to 65,536; 128 by default, as in the paper.
  public let batch: Int
  /// Passes over the data, from 1 to 1,000,000; 10 by default.
  public let epochs: Int
  /// 0 by default.
  public let seed: UInt64
  public let updates: Updates
  /// Of both networks, unless one has its own.
  public let optimizer: OptimizerSpec
  public let generator: NetworkTraining
  public let discriminator: NetworkTraining
  public let schedule: RateSchedule
  /// Pieces that a batch is worked on in, one after the other, with their gradients summed; 1 by
  /// default.
  public let accumulate: Int
  /// Equal parts of a batch that are computed by themselves, by one process or by several; 1 by
  /// default.
  public let shards: Int
  /// 5 minutes by default.
  public let saveEvery: SaveInterval
  public let onTrouble: TroubleResponse
  public let batchSpan: SourceSpan

  public func network(_ role: NetworkRole) -> NetworkTraining {
    switch role {
    case .generator: generator
    case .discriminator: discriminator
    }
  }

  /// What trains a network: its own optimiser, or that of both.
  public func optimizer(of role: NetworkRole) -> OptimizerSpec {
    network(role).ownOptimizer ?? optimizer
  }

  /// Every optimiser that trains something, and the network that it is of; nil for both.
  public var optimizers: [(owner: NetworkRole?, optimizer: OptimizerSpec)] {
    let own = NetworkRole.allCases.filter { network($0).ownOptimizer != nil }
    return (own.count < NetworkRole.allCases.count ? [(nil, optimizer)] : [])
      + own.map { ($0, optimizer(of: $0)) }
  }

  public enum Updates: Hashable, Sendable {
    /// Both networks on each batch, as in PyTorch's example. The generator's step takes new noise
    /// (`fresh`) or that of the discriminator's step (`shared`, the default).
    case both(noise: Noise)
    /// Batches in turn for the generator and the discriminator, as in the paper's code.
    case alternate
  }

  public enum Noise: String, Hashable, Sendable, CaseIterable {
    case shared
    case fresh
  }
}

extension TrainSpec {
  /// Reads `train: {batch: 128, epochs: 5, seed: 0, updates: both, optimizer: adam}`.
  init(reading spec: inout OptionReader, for loss: ObjectiveKind) {
    var options = spec.section("train", help: "how both networks are trained")
    loss.refuseUnusedTraining(&options)
    let batch = options.integer("batch", default: 128, in: 1...65_536, help: "images per step")
    let epochs = options.integer(
      "epochs", default: 10, in: 1...1_000_000, help: "passes over the data")
    let seed = options.integer(
      "seed", default: 0, in: 0...Int.max, help: "determines all random numbers")
    let updates = Updates(reading: &options)
    let optimizer = OptimizerSpec(reading: &options)
    let generator = NetworkTraining(of: .generator, reading: &options)
    let discriminator = NetworkTraining(of: .discriminator, reading: &options)
    let schedule = RateSchedule(reading: &options)
    let shards = options.integer(
      "shards", default: 1, in: 1...1024,
      help: "equal parts of a batch that several processes share; must divide it")
    options.checkDivision("shards", shards, of: batch, what: "the batch")
    let accumulate = options.integer(
      "accumulate", default: 1, in: 1...65_536,
      help: "pieces that a batch, or a shard of it, is worked on in, to save memory; must divide it"
    )
    options.checkDivision(
      "accumulate", accumulate, of: max(1, batch / shards),
      what: shards == 1 ? "the batch" : "a shard")
    let saveEvery = SaveInterval(reading: &options)
    let onTrouble = TroubleResponse(reading: &options)
    self.init(
      batch: batch, epochs: epochs, seed: UInt64(seed), updates: updates, optimizer: optimizer,
      generator: generator, discriminator: discriminator, schedule: schedule,
      accumulate: accumulate, shards: shards, saveEvery: saveEvery, onTrouble: onTrouble,
      batchSpan: options.span(of: "batch"))
    spec.absorb(options)
  }
}

extension TrainSpec.Updates {
  /// Reads `updates: both`, `{both: {noise: fresh}}` or `alternate`.
  fileprivate init(reading train: inout OptionReader) {
    let updates = train.named(
      "updates", known: ["both", "alternate"], default: "both",
      help: "both networks on each batch, or batches in turn"
    ) { named, options -> Self in
      guard named.name == "both" else { return .alternate }
      let noise = options.choice(
        "noise", default: TrainSpec.Noise.shared,
        help: "whether the generator's step takes the noise of the discriminator's")
      return .both(noise: noise ?? .shared)
    }
    self = updates ?? .both(noise: .shared)
  }
}

extension OptionReader {
  /// Reports a number of parts that does not divide `whole` images.
  fileprivate mutating func checkDivision(_ key: String, _ parts: Int, of whole: Int, what: String)
  {
    guard whole % parts != 0 else { return }
    let best = (1...whole).last { $0 <= parts && whole.isMultiple(of: $0) } ?? 1
    report(
      .wrongForm(
        "`\(key)` must divide \(what) of \(whole), found \(parts)", at: span(of: key),
        help: ["write `\(key): \(best)`"]))
  }
}
