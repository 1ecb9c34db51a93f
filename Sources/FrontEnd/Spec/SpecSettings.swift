extension Spec {
  /// Everything but the layers, with defaults written out, each under the path of its keys.
  ///
  /// `name` and `deviations` are left out: they change neither the networks nor their training. A
  /// choice with options of its own, `optimizer: {adam: {beta1: 0.5}}`, gives `train.optimizer`
  /// (`adam`) and `train.optimizer.beta1` (`0.5`).
  public var settings: [(name: String, value: String)] {
    let others: Set = ["dcgan", "name"]
    return expandedSections.filter { $0.head.isEmpty }.flatMap(\.entries)
      .filter { !others.contains($0.key) }.flatMap { $0.settings(below: "") }
  }
}

extension ExpandedEntry {
  fileprivate func settings(below path: String) -> [(name: String, value: String)] {
    let path = path + key
    let inner = value.entries.flatMap { $0.settings(below: path + ".") }
    switch value {
    case .text(let text): return [(path, text)]
    case .options: return inner
    case .named(let name, _): return [(path, name)] + inner
    }
  }
}
