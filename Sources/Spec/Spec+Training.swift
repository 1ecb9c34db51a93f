/// Values of a spec that a command line may replace.
public struct SpecOverrides: Hashable, Sendable {
  public var batch: Int?
  public var epochs: Int?
  public var seed: UInt64?

  public init(batch: Int? = nil, epochs: Int? = nil, seed: UInt64? = nil) {
    self.batch = batch
    self.epochs = epochs
    self.seed = seed
  }
}

extension Spec {
  /// The same spec with other values; the ranges are the caller's to keep.
  public func applying(_ overrides: SpecOverrides) -> Spec {
    let train = TrainSpec(
      batch: overrides.batch ?? train.batch, epochs: overrides.epochs ?? train.epochs,
      seed: overrides.seed ?? train.seed, updates: train.updates, optimizer: train.optimizer,
      batchSpan: train.batchSpan)
    return Spec(
      file: file, name: name, image: image, latent: latent, condition: condition,
      generator: generator, discriminator: discriminator, initialization: initialization,
      objective: objective, data: data, train: train, deviations: deviations,
      origins: origins)
  }
}
