import Diagnostics

extension Node {
  /// `other` laid over this tree: maps merge, everything else is replaced whole.
  ///
  /// Each value keeps its place. Under the keys in `names` a map holds one name with its options, as
  /// in `activation: {leaky_relu: 0.2}`: another name replaces it.
  public func overlaid(by other: Node, under key: String = "", names: Set<String> = []) -> Node {
    guard case .mapping(let own) = self, case .mapping(let new) = other else { return other }
    if names.contains(key), own.entries.map(\.key.text) != new.entries.map(\.key.text) {
      return other
    }
    return .mapping(
      own.overlaid(by: new) { entry, old in
        old.overlaid(by: entry.value, under: entry.key.text, names: names)
      })
  }
}

extension Node.Mapping {
  /// The entries of both, those of `other` instead of those with the same key; `value` makes one
  /// value of two.
  public func overlaid(
    by other: Node.Mapping, value: (_ new: Entry, _ old: Node) -> Node
  ) -> Node.Mapping {
    var entries = entries
    var indices = Dictionary(
      entries.enumerated().map { ($1.key.text, $0) }, uniquingKeysWith: { first, _ in first })
    for entry in other.entries {
      if let index = indices[entry.key.text] {
        entries[index] = Entry(key: entry.key, value: value(entry, entries[index].value))
      } else {
        indices[entry.key.text] = entries.count
        entries.append(entry)
      }
    }
    return Node.Mapping(entries: entries, span: other.span)
  }

  /// The same without some of its keys.
  public func without(_ keys: Set<String>) -> Node.Mapping {
    Node.Mapping(entries: entries.filter { !keys.contains($0.key.text) }, span: span)
  }

  /// The same with another value, or one more.
  public func setting(_ key: Node.Scalar, to value: Node) -> Node.Mapping {
    overlaid(by: Node.Mapping(entries: [Entry(key: key, value: value)], span: span)) { entry, _ in
      entry.value
    }
  }
}
