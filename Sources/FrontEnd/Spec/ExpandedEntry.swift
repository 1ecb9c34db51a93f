import Decoding
import Diagnostics
import Document

/// A key of the expanded spec with its value, and where that came from.
struct ExpandedEntry {
  let key: String
  let value: Value
  /// Nil for defaults, and for what the file does not say in one place.
  let origin: Origin?

  enum Value {
    /// As in a flow style of YAML: `5`, `same`, `[16, 4, 4]`.
    case text(String)
    case options([ExpandedEntry])
    /// A name with options of its own: `{leaky_relu: {slope: 0.2}}`.
    case named(String, [ExpandedEntry])
  }

  /// The place of a value, and what it was computed from.
  struct Origin {
    let span: SourceSpan
    /// Nil for a layer, which is no value.
    let node: Node?
    let scope: Scope
    let isInherited: Bool

    init(span: SourceSpan, node: Node? = nil, scope: Scope = Scope(), isInherited: Bool = false) {
      self.span = span
      self.node = node
      self.scope = scope
      self.isInherited = isInherited
    }
  }

  init(_ key: String, _ value: Value, origin: Origin? = nil) {
    self.key = key
    self.value = value
    self.origin = origin
  }

  init(_ key: String, _ text: String) { self.init(key, .text(text)) }

  /// On one line, as in `image: {size: [64, 64], channels: 3}`.
  var flow: String { "\(key): \(value.flow)" }
}

extension ExpandedEntry.Value {
  /// A name with its options, or the name alone where it has none.
  init(name: String, _ options: [ExpandedEntry]) {
    self = options.isEmpty ? .text(name) : .named(name, options)
  }

  var flow: String {
    switch self {
    case .text(let text): text
    case .options(let entries): entries.flow
    case .named(let name, let entries): "{\(name): \(entries.flow)}"
    }
  }

  /// The options below it.
  var entries: [ExpandedEntry] {
    switch self {
    case .text: []
    case .options(let entries), .named(_, let entries): entries
    }
  }
}

extension [ExpandedEntry] {
  var flow: String { "{" + map(\.flow).joined(separator: ", ") + "}" }

  init(_ options: [ReadOption]) { self = options.map { ExpandedEntry($0.key, $0.text) } }

  /// The same with the origins of what was read under these keys.
  ///
  /// `isInherited` says that the map as a whole holds for others too.
  func located(in origins: ValueOrigins?, isInherited: Bool = false) -> [ExpandedEntry] {
    guard let origins else { return self }
    return map { entry in
      let origin = origins[entry.key].map {
        ExpandedEntry.Origin(
          span: $0.span, node: $0.node, scope: origins.scope,
          isInherited: isInherited || $0.isInherited)
      }
      let isInherited = origin?.isInherited ?? isInherited
      let inner = origins.below(entry.key)
      let value: ExpandedEntry.Value =
        switch entry.value {
        case .text: entry.value
        case .options(let entries): .options(entries.located(in: inner, isInherited: isInherited))
        case .named(let name, let entries):
          .named(name, entries.located(in: inner, isInherited: isInherited))
        }
      return ExpandedEntry(entry.key, value, origin: entry.origin ?? origin)
    }
  }
}
