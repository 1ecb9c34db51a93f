import Decoding
import Diagnostics
import Document

/// How a spec is laid over its parent.
enum SpecMerge {
  /// Maps merge, lists replace whole; the parent's name stays its own.
  ///
  /// A network's patches follow each other, parent first; a new list of layers ends the parent's.
  static func merged(parent: Node.Mapping, child: Node.Mapping) -> Node.Mapping {
    overlaid(parent.without(["name", "extends"]), by: child)
  }

  /// Sections of a spec that are no maps, where a map would take their place unseen.
  static func hiddenSections(of spec: Node.Mapping, under changes: Node.Mapping) -> [Diagnostic] {
    changes.entries.compactMap { entry in
      guard case .mapping = entry.value, let old = spec[entry.key.text],
        Spec.forms.contains(where: { $0.key == entry.key.text && $0.value.isSection })
      else { return nil }
      switch old {
      case .mapping: return nil
      case .scalar(let scalar) where scalar.text.isEmpty && !scalar.isQuoted: return nil
      case .scalar, .sequence:
        return .wrongForm(
          "`\(entry.key.text)` is a map of options, found \(old.words)", at: old.span)
      }
    }
  }

  /// The same for changes that belong to the spec itself.
  static func overlaid(_ spec: Node.Mapping, by changes: Node.Mapping) -> Node.Mapping {
    let roles = Set(NetworkRole.allCases.map(\.rawValue))
    return spec.overlaid(by: changes) { entry, old in
      guard roles.contains(entry.key.text), case .mapping(let network) = old,
        case .mapping(let changes) = entry.value
      else { return old.overlaid(by: entry.value, under: entry.key.text, names: names) }
      return .mapping(merged(network: network, changes))
    }
  }

  private static func merged(
    network parent: Node.Mapping, _ child: Node.Mapping
  ) -> Node.Mapping {
    let parent = child["layers"] == nil ? parent : parent.without(["patch"])
    return parent.overlaid(by: child) { entry, old in
      if entry.key.text == "patch", case .sequence(let first) = old,
        case .sequence(let second) = entry.value
      {
        return .sequence(Node.Sequence(items: first.items + second.items, span: second.span))
      }
      return old.overlaid(by: entry.value, under: entry.key.text, names: names)
    }
  }

  /// The keys whose value is one name with its options, such as `optimizer` and `norm`.
  static let names: Set<String> = {
    let forms = Spec.forms.map(\.value) + Spec.layerForms.map(\.value)
    return Set(forms.flatMap(\.namedKeys))
  }()
}

extension ValueForm {
  /// A map with fixed keys.
  fileprivate var isSection: Bool {
    if case .options = self { true } else { false }
  }

  /// The keys below this form whose value is a name with options of its own.
  fileprivate var namedKeys: [String] {
    switch self {
    case .options(let forms):
      forms.flatMap { form in
        if case .named = form.value { return [form.key] + form.value.namedKeys }
        return form.value.namedKeys
      }
    case .named(let forms): forms.flatMap(\.value.namedKeys)
    case .anyOf(let forms): forms.flatMap(\.namedKeys)
    case .integer, .number, .boolean, .choice, .text, .list, .tuple, .map, .layers, .anything: []
    }
  }
}
