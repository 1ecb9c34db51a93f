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

  package init() {}
}
