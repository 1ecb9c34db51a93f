import Decoding
import Diagnostics
import Document

/// The numbers that a spec's `let` defines, evaluated in the order in which they need each other.
struct Definitions {
  private(set) var scope = Scope()
  private(set) var diagnostics: [Diagnostic] = []
  /// Names whose own definition is wrong: they have a stand-in value, and what follows from it is
  /// not worth reporting.
  private(set) var brokenNames: Set<String> = []

  /// The names in the order of the file.
  let order: [String]
  /// The names in an order in which each comes after those that it needs.
  private(set) var evaluationOrder: [String] = []
  private let entries: [String: Node.Mapping.Entry]
  private var finished: Set<String> = []
  /// The names being evaluated, each needed by the one before.
  private var path: [String] = []

  /// Bounds the depth of `evaluate`.
  private static let mostDefinitions = 1_000

  init(_ node: Node?) {
    guard case .mapping(let mapping) = node, mapping.entries.count <= Self.mostDefinitions else {
      (order, entries) = ([], [:])
      report(node)
      return
    }
    order = mapping.entries.map(\.key.text)
    entries = Dictionary(mapping.entries.map { ($0.key.text, $0) }, uniquingKeysWith: { a, _ in a })
    for entry in mapping.entries { evaluate(entry) }
  }

  /// The expression that defines `name`.
  func scalar(of name: String) -> Node.Scalar? {
    guard case .scalar(let scalar)? = entries[name]?.value else { return nil }
    return scalar
  }

  /// The names that the expression of `name` uses; nil where nothing defines it.
  func names(neededBy name: String) -> [String]? {
    scalar(of: name)?.text.identifiers.filter { entries[$0] != nil }
  }

  private mutating func report(_ node: Node?) {
    switch node {
    case nil: break
    case .mapping(let mapping):
      brokenNames = Set(mapping.entries.map(\.key.text))
      diagnostics.append(
        .wrongForm(
          "`let` defines \(mapping.entries.count) names, at most \(Self.mostDefinitions)",
          at: mapping.span))
    case .some(let node) where node.kindName == "nothing": break
    case .some(let node):
      diagnostics.append(
        .wrongForm(
          "`let` is a map of names and numbers, found \(node.words)", at: node.span,
          help: ["write `let: {width: 128}`"]))
    }
  }

  private mutating func evaluate(_ entry: Node.Mapping.Entry) {
    let name = entry.key.text
    guard finished.insert(name).inserted else { return }
    guard case .scalar(let scalar) = entry.value, isUsable(entry.key) else {
      if case .scalar = entry.value {} else { reportValue(entry) }
      define(entry, as: nil)
      return
    }
    path.append(name)
    defer { path.removeLast() }
    let identifiers = scalar.text.identifiers
    var seen: Set<String> = []
    for needed in identifiers where seen.insert(needed).inserted {
      guard let other = entries[needed], !finished.contains(needed) || path.contains(needed) else {
        continue
      }
      if let start = path.firstIndex(of: needed) {
        report(cycle: path[start...] + [needed])
      } else {
        evaluate(other)
      }
    }
    guard brokenNames.isDisjoint(with: identifiers), !brokenNames.contains(name) else {
      return define(entry, as: nil)
    }
    switch Expression.evaluate(scalar, in: scope) {
    case .success(let number): define(entry, as: number)
    case .failure(let problem):
      diagnostics.append(problem.diagnostic)
      define(entry, as: nil)
    }
  }

  private mutating func define(_ entry: Node.Mapping.Entry, as number: Number?) {
    if number == nil { brokenNames.insert(entry.key.text) }
    evaluationOrder.append(entry.key.text)
    scope.define(
      entry.key.text, as: number ?? .integer(1), at: entry.value.span,
      by: scalar(of: entry.key.text))
  }

  private mutating func isUsable(_ name: Node.Scalar) -> Bool {
    guard let problem = Diagnostic.unusableDefinition(name) else { return true }
    diagnostics.append(problem)
    return false
  }

  private mutating func reportValue(_ entry: Node.Mapping.Entry) {
    diagnostics.append(
      .wrongForm(
        "`\(entry.key.text)` is a number or an expression, found \(entry.value.words)",
        at: entry.value.span))
  }

  /// Reported once, at the first of its names, however many lead into it.
  private mutating func report(cycle: ArraySlice<String>) {
    guard let name = cycle.first, let entry = entries[name], !brokenNames.contains(name) else {
      return
    }
    diagnostics.append(
      Diagnostic(
        SpecCode.definitionCycle, "`\(name)` needs itself: \(cycle.joined(separator: " → "))",
        at: entry.key.span,
        secondary: cycle.dropFirst().dropLast().compactMap { other in
          entries[other].map { .init(span: $0.value.span, text: "`\(other)` on the way") }
        }))
    brokenNames.formUnion(cycle)
  }
}

extension Diagnostic {
  /// Why `name` cannot be defined by `let` or `repeat`, or nil.
  static func unusableDefinition(_ name: Node.Scalar) -> Diagnostic? {
    if name.text.identifiers != [name.text] {
      return Diagnostic(
        SpecCode.unusableName,
        "\(name.text.quotedExcerpt) cannot be used in an expression", at: name.span,
        help: ["use letters, digits and `_`, beginning with a letter"])
    }
    guard Expression.functionNames.contains(name.text) else { return nil }
    return Diagnostic(
      SpecCode.takenName, "`\(name.text)` is a function", at: name.span,
      help: ["choose another name"])
  }
}

extension String {
  /// The names in an expression, in their order.
  var identifiers: [String] {
    var (names, name) = ([String](), "")
    for scalar in unicodeScalars {
      if scalar.isASCIIAlphanumeric || scalar == "_" {
        name.unicodeScalars.append(scalar)
      } else {
        names.append(name)
        name = ""
      }
    }
    names.append(name)
    return names.filter { name in
      name.unicodeScalars.first.map { !("0"..."9").contains($0) } ?? false
    }
  }
}
