extension Spec {
  /// The same spec trained otherwise; the ranges are the caller's to keep.
  package func training(batch: Int? = nil, epochs: Int? = nil) -> Spec {
    let train = TrainSpec(
      batch: batch ?? train.batch, epochs: epochs ?? train.epochs, seed: train.seed,
      updates: train.updates, optimizer: train.optimizer, generator: train.generator,
      discriminator: train.discriminator, schedule: train.schedule, accumulate: train.accumulate,
      shards: train.shards, saveEvery: train.saveEvery, onTrouble: train.onTrouble,
      batchSpan: train.batchSpan)
    return Spec(
      file: file, name: name, image: image, latent: latent, condition: condition,
      generator: generator, discriminator: discriminator, initialization: initialization,
      objective: objective, augmentation: augmentation, data: data, train: train,
      deviations: deviations,
      origins: origins)
  }
}
