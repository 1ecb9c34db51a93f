extension Spec {
  /// Everything that fixes the result of a training, but for the data.
  ///
  /// Two specs with the same text may continue each other's runs. Names, deviations, the number of
  /// epochs and how often checkpoints are written are not part of it; data have a fingerprint of
  /// their own.
  public var identity: String {
    expandedSections.flatMap { section -> [String] in
      if section.head.first == "deviations:" { return [] }
      let entries = section.entries.filter { $0.key != "name" && $0.key != "data" }
      return section.head
        + entries.map { entry in
          guard entry.key == "train", case .options(let options) = entry.value else {
            return entry.flow
          }
          return options.filter { !Self.isFree("train.\($0.key)") }.flow
        }
    }.joined(separator: "\n")
  }

  private static let freeSettings: Set = [
    "train.epochs", "train.save_every", "train.on_trouble",
  ]

  /// Whether a setting, by its path, may change within a run.
  public static func isFree(_ setting: String) -> Bool {
    freeSettings.contains(setting) || setting.hasPrefix("data.")
  }
}
