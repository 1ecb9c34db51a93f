import Decoding
import Diagnostics
import Document
import Layers

/// An entry of a list of layers, in one iteration of the loops around it.
struct LayerEntry {
  var item: Node
  let scope: Scope
  let iterations: [String]
}

extension LayerEntry {
  /// The name of its kind, and its options; nil where it is something else than a layer.
  private var parts: (key: Node.Scalar, options: Node?)? {
    switch item {
    case .scalar(let word): (word, nil)
    case .mapping(let mapping) where mapping.entries.count == 1:
      (mapping.entries[0].key, mapping.entries[0].value)
    case .mapping, .sequence: nil
    }
  }

  var kind: LayerKind? { parts.flatMap { LayerKind(rawValue: $0.key.text) } }

  var givenName: String? {
    guard case .mapping(let options) = parts?.options, case .scalar(let name) = options["name"]
    else { return nil }
    return name.text.isEmpty ? nil : name.text
  }

  /// The same layer with options laid over its own; a bare value is the option that it stands for.
  func setting(_ options: Node) -> LayerEntry {
    guard let (key, own) = parts else { return self }
    var old = own
    if case .mapping = options, let value = own, let bare = kind?.bareOption {
      switch value {
      case .mapping: break
      case .scalar(let scalar) where scalar.text.isEmpty && !scalar.isQuoted: break
      case .scalar, .sequence:
        let name = Node.Scalar(text: bare, isQuoted: false, span: value.span)
        let entry = Node.Mapping.Entry(key: name, value: value)
        old = .mapping(Node.Mapping(entries: [entry], span: value.span))
      }
    }
    var changed = self
    let merged = old?.overlaid(by: options, names: SpecMerge.names) ?? options
    changed.item = .mapping(
      Node.Mapping(entries: [Node.Mapping.Entry(key: key, value: merged)], span: item.span))
    return changed
  }
}

extension LayerKind {
  /// The option that a value instead of the map means, as in `linear: 1`.
  fileprivate var bareOption: String? { LayerDecoder.forms(of: self).first(where: \.isBare)?.key }
}
