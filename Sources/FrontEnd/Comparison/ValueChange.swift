/// A value that two specs give differently.
public struct ValueChange: Hashable, Sendable {
  /// As specs and tables call it: `train.batch`, `kernel`, `output`.
  public let name: String
  /// Nil where only the other one has it.
  public let before: String?
  public let after: String?

  public init(_ name: String, _ before: String?, _ after: String?) {
    self.name = name
    self.before = before
    self.after = after
  }
}

/// Values by name, in the order in which they are shown.
typealias NamedValues = [(name: String, value: String)]

/// The values that differ, those of `before` first, in their order.
func changes(from before: NamedValues, to after: NamedValues) -> [ValueChange] {
  let old = Dictionary(before) { first, _ in first }
  let new = Dictionary(after) { first, _ in first }
  let names = before.map(\.name) + after.map(\.name).filter { old[$0] == nil }
  return names.compactMap { name in
    old[name] == new[name] ? nil : ValueChange(name, old[name], new[name])
  }
}
