import Decoding

/// What a training does when a health check finds that it fails.
public enum TroubleResponse: String, Hashable, Sendable, CaseIterable {
  /// It says so and goes on; only a number that is not finite ends it.
  case warn
  /// It saves a checkpoint and stops.
  case stop
  /// It goes back to a checkpoint before the trouble, halves the learning rates and goes on, three
  /// times at the most.
  case rewind
}

extension TroubleResponse {
  /// Reads `on_trouble: warn`, which is the default.
  init(reading train: inout OptionReader) {
    self =
      train.choice(
        "on_trouble", default: Self.warn,
        help: "what to do when training fails: warn, stop, or rewind and halve the learning rates")
      ?? .warn
  }
}
