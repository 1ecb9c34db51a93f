/// How far a training has come.
package struct TrainingPosition: Hashable, Sendable {
  /// Batches trained on since the start.
  package var step = 0
  /// Epochs that are complete.
  package var epoch = 0
  /// Batches of the present epoch that are done.
  package var batchInEpoch = 0
  /// Updates that each network has had: the `t` of Adam.
  package var generatorUpdates = 0
  package var discriminatorUpdates = 0
  /// How often the training has gone back from trouble; each time halves the learning rates.
  package var rewinds = 0

  /// As `rewind --to` names it: `epoch-3` at the end of an epoch, else `step-1200`.
  package var name: String {
    batchInEpoch == 0 && epoch > 0 ? "epoch-\(epoch)" : "step-\(step)"
  }

  /// Batches of an epoch so far; nil in the first, and where not all had the same.
  package var batchesPerEpoch: Int? {
    guard epoch > 0, (step - batchInEpoch) % epoch == 0 else { return nil }
    return (step - batchInEpoch) / epoch
  }

  /// What the learning rates are multiplied by.
  package var rateFactor: Double { 1 / Double(1 << rewinds) }

  /// A training that gets into trouble once more stops.
  package static let mostRewinds = 3

  package init() {}
}
