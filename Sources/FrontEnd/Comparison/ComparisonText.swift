extension SpecComparison {
  /// What `dcgan-compile diff` prints.
  public var text: String {
    guard !isEqual else { return "\(paths.before) and \(paths.after) mean the same" }
    var blocks = [["\(paths.before) → \(paths.after)"]]
    if !settings.isEmpty { blocks.append(["settings"] + indented(settings.lines)) }
    blocks += networks.filter { !$0.isEqual }.map(\.lines)
    blocks.append(checkpoint.lines)
    return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }
}

extension SpecComparison {
  /// The differences alone, with those settings that `counts` says.
  public func differences(counting counts: (String) -> Bool) -> [String] {
    let settings = settings.filter { counts($0.name) }
    return settings.lines + networks.filter { !$0.isEqual }.flatMap(\.lines)
  }
}

extension NetworkComparison {
  fileprivate var lines: [String] {
    [role.rawValue] + indented(layers.flatMap(\.lines))
      + (totals.isEmpty ? [] : indented(["~ total"] + indented(totals.lines, by: 4)))
  }
}

extension LayerChange {
  fileprivate var lines: [String] {
    switch self {
    case .added(let layer): ["+ \(layer.name): \(layer.output)"]
    case .removed(let layer): ["- \(layer.name): \(layer.output)"]
    case .changed(let old, let new, let options, let consequences):
      // The first line has both names.
      ["~ \(old.name == new.name ? old.name : "\(old.name) → \(new.name)")"]
        + indented((options.filter { $0.name != "name" } + consequences).lines, by: 4)
    }
  }
}

extension CheckpointComparison {
  /// Longer lists are cut: the first differences tell where to look.
  private static let mostShown = 8

  fileprivate var lines: [String] { loads ? whatLoads : whatIsMissing }

  private var whatLoads: [String] {
    var line = "a checkpoint of the first loads into the second"
    if differences.count == 1 { line += "; 1 of its tensors is left over" }
    if differences.count > 1 { line += "; \(differences.count) of its tensors are left over" }
    guard let first = missingState.first else { return [line] }
    let others = missingState.count - 1
    return [
      line, "training cannot go on from it: the optimiser's",
      "  `\(first)`" + (others == 0 ? " is missing" : " and \(others) more are missing"),
    ]
  }

  private var whatIsMissing: [String] {
    let more = missing.count - Self.mostShown
    return [
      "a checkpoint of the first does not load into the second: "
        + "\(missing.count) of \(wanted) tensors differ"
    ] + indented(Array(missing.prefix(Self.mostShown)).lines)
      + (more > 0 ? ["  … and \(more) more"] : [])
  }
}

extension [ValueChange] {
  /// `~ kernel  5 → 4`; what only one of both has is `+` or `-`.
  fileprivate var lines: [String] {
    let width = map(\.name.count).max() ?? 0
    return map { change in
      let name = change.name + String(repeating: " ", count: width - change.name.count)
      return switch (change.before, change.after) {
      case (let before?, let after?): "~ \(name)  \(before) → \(after)"
      case (nil, let after?): "+ \(name)  \(after)"
      case (let before?, nil): "- \(name)  \(before)"
      case (nil, nil): "  \(name)"
      }
    }
  }
}

private func indented(_ lines: [String], by count: Int = 2) -> [String] {
  lines.map { String(repeating: " ", count: count) + $0 }
}
