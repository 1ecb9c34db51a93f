import Diagnostics
import Document
import Layers

/// The names of a network's layers: given, or the kind and its number among its kind.
enum LayerNames {
  private static let longest = 64

  /// The layers with their names; reports names that two layers would have.
  static func named(_ drafts: [LayerDraft], problems: inout [Diagnostic]) -> [LayerSpec] {
    let names = names(drafts.map { ($0.main.kind, $0.givenName?.text) })
    var owners: [String: LayerDraft] = [:]
    var reported: Set<SourceSpan> = []
    for (name, draft) in zip(names, drafts) {
      guard let owner = owners.updateValue(draft, forKey: name) else { continue }
      let (given, other) =
        draft.givenName.map { ($0, owner) } ?? owner.givenName.map { ($0, draft) }
        ?? (nil, owner)
      guard let given, reported.insert(given.span).inserted else { continue }
      problems.append(.repeated(given, takenBy: other))
    }
    return zip(names, drafts).map { name, draft in
      LayerSpec(name: name, main: draft.main, norm: draft.norm, activation: draft.activation)
    }
  }

  /// A layer with a name of its own counts too, so that naming it renames no other.
  private static func names(_ layers: [(kind: LayerKind, given: String?)]) -> [String] {
    var counts: [LayerKind: Int] = [:]
    return layers.map { kind, given in
      counts[kind, default: 0] += 1
      return given ?? "\(kind.rawValue)\(counts[kind] ?? 1)"
    }
  }

  /// The names of entries before they are decoded, with their places in the list.
  ///
  /// Entries that are no layers have none; the first of two with one name has it.
  static func indices(of entries: [LayerEntry]) -> (names: [String], indices: [String: Int]) {
    let layers = entries.enumerated().compactMap { index, entry in
      entry.kind.map { (index: index, kind: $0, given: entry.givenName) }
    }
    let names = names(layers.map { ($0.kind, $0.given) })
    let places = zip(names, layers.map(\.index))
    return (names, Dictionary(places, uniquingKeysWith: { first, _ in first }))
  }

  /// A dot would read as a part of the path in a parameter's name.
  static func isUsable(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, name.unicodeScalars.count <= longest else {
      return false
    }
    return first.isASCIIAlphanumeric
      && name.unicodeScalars.allSatisfy { $0.isASCIIAlphanumeric || $0 == "_" || $0 == "-" }
  }

  static func unusable(_ name: Node.Scalar) -> Diagnostic {
    Diagnostic(
      SpecCode.unusableName, "\(name.text.quotedExcerpt) cannot name a layer", at: name.span,
      help: ["use letters, digits, `_` and `-`, up to \(longest), beginning with a letter or digit"]
    )
  }
}

extension Diagnostic {
  fileprivate static func repeated(
    _ name: Node.Scalar, takenBy other: LayerDraft
  ) -> Diagnostic {
    let isSameEntry = other.givenName?.span == name.span
    return Diagnostic(
      SpecCode.repeatedLayerName,
      isSameEntry
        ? "each iteration of `repeat` would name a layer `\(name.text)`"
        : "two layers would be called `\(name.text)`",
      at: name.span,
      secondary: isSameEntry
        ? [] : [.init(span: other.givenName?.span ?? other.main.span, text: "the other one")],
      help: [
        isSameEntry
          ? "leave `name` out: layers are numbered by themselves, and `add: -3` adds what the third "
            + "entry before gave" : "choose another name"
      ])
  }
}
