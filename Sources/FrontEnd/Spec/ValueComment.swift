import Files
import Decoding
import Diagnostics
import Document

/// What is said next to a value of the expanded spec.
struct ValueComment: Hashable {
  /// Its place, and the expression that made it.
  let place: String
  /// What the names of the expression are: `width = 128`.
  let names: [String]
}

/// Finds what to say of each value.
struct ValueComments {
  let places: PlaceNames
  /// Where `join` stands, if it places layers.
  private let join: (span: SourceSpan, name: String)?
  /// Where the changes of `patch` stand.
  private let patches: [SourceSpan]

  init(of spec: Spec, _ places: PlaceNames) {
    self.places = places
    join = spec.condition.flatMap { condition in
      condition.join.map { (condition.joinSpan, $0.rawValue) }
    }
    patches = NetworkRole.allCases.flatMap { role -> [SourceSpan] in
      guard case .sequence(let list)? = spec.origins.below(role.rawValue)?["patch"]?.node else {
        return []
      }
      return list.items.map(\.span)
    }
  }

  /// Nil for a default.
  func comment(on entry: ExpandedEntry) -> ValueComment? {
    guard let origin = entry.origin else { return nil }
    let place = places.name(of: origin.span) + role(of: origin)
    guard case .text(let text) = entry.value, let node = origin.node else {
      return ValueComment(place: place, names: [])
    }
    let variables = node.variables(in: origin.scope)
    let written = node.writtenText
    // A word such as `same` is no name, even where `let` defines one.
    guard !variables.isEmpty, written != text else { return ValueComment(place: place, names: []) }
    let isName = variables.count == 1 && variables[0].name == written
    return ValueComment(
      // An option of the command line shows its value itself.
      place: places.isCommandLine(origin.span) ? place : "\(place): \(written.visible)",
      names: isName
        ? []
        : variables.map { "\($0.name) = \($0.variable.value.yamlText)" })
  }

  /// By what it holds there, besides being written.
  private func role(of origin: ExpandedEntry.Origin) -> String {
    if places.isCommandLine(origin.span) { return "" }
    if origin.isInherited { return ", defaults" }
    if let join, origin.span == join.span { return ", join: \(join.name)" }
    let isChange = patches.contains { $0.contains(origin.span) }
    let loops = origin.node == nil ? origin.scope.loops : []
    let counts = loops.map { loop in
      "\(loop.name) = \(loop.variable.value.yamlText) (\(places.name(of: loop.variable.span)))"
    }
    return (isChange ? ", patch" : "")
      + (counts.isEmpty ? "" : ", repeated with \(counts.joined(separator: ", "))")
  }
}

extension Node {
  /// As in its file, on one line.
  fileprivate var writtenText: String {
    if span.start.line == span.end.line { return span.text }
    switch self {
    case .scalar(let scalar): return scalar.text
    case .sequence(let list):
      return "[" + list.items.map(\.writtenText).joined(separator: ", ") + "]"
    case .mapping(let mapping):
      return "{"
        + mapping.entries.map { "\($0.key.text): \($0.value.writtenText)" }
        .joined(separator: ", ") + "}"
    }
  }
}

extension SourceSpan {
  /// Whether the other one starts in it.
  fileprivate func contains(_ other: SourceSpan) -> Bool {
    file === other.file && start <= other.start && other.start < end
  }
}
