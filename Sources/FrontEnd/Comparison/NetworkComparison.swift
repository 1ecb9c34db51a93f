import Spec

/// One network of both specs, layer by layer.
public struct NetworkComparison: Sendable {
  public let role: NetworkRole
  /// In the order of the networks, without the layers that are the same.
  public let layers: [LayerChange]
  /// Input and output, parameters and multiply-adds of the whole network.
  public let totals: [ValueChange]

  public var isEqual: Bool { layers.isEmpty && totals.isEmpty }

  init(
    role: NetworkRole, from before: [ComparedLayer], to after: [ComparedLayer],
    totals: [ValueChange]
  ) {
    self.role = role
    self.totals = totals
    layers = Alignment(from: before, to: after).pairs.compactMap(LayerChange.init)
  }
}

/// What became of a layer.
public enum LayerChange: Sendable {
  case added(ComparedLayer)
  case removed(ComparedLayer)
  /// Options that differ, and consequences that differ by them or by what flows in.
  case changed(
    from: ComparedLayer, to: ComparedLayer, options: [ValueChange], consequences: [ValueChange])

  /// Nil where both are the same.
  fileprivate init?(_ pair: Alignment.Pair) {
    switch pair {
    case .removed(let layer): self = .removed(layer)
    case .added(let layer): self = .added(layer)
    case .kept(let old, let new):
      let options = new.optionChanges(from: old)
      let consequences = changes(from: old.consequences, to: new.consequences)
      if options.isEmpty, consequences.isEmpty { return nil }
      self = .changed(from: old, to: new, options: options, consequences: consequences)
    }
  }
}

extension ComparedLayer {
  /// A numbered name follows from the layers in front; only a chosen one counts.
  func optionChanges(from old: ComparedLayer) -> [ValueChange] {
    let name =
      name != old.name && (isNamed || old.isNamed) ? [ValueChange("name", old.name, self.name)] : []
    return name + changes(from: old.options, to: options)
  }
}
