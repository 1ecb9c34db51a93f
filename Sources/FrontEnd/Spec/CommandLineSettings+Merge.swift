import Decoding
import Diagnostics
import Document

extension CommandLineSettings {
  /// The spec with the values of the command line, and what is wrong with them.
  func applied(to spec: Node.Mapping) -> (spec: Node.Mapping, diagnostics: [Diagnostic]) {
    var (result, problems) = (spec, [Diagnostic]())
    for item in items {
      guard let change = tree(of: item, in: result, problems: &problems) else { continue }
      problems += SpecMerge.hiddenSections(of: result, under: change)
      result = SpecMerge.overlaid(result, by: change)
    }
    return (result, problems)
  }

  /// A setting as a spec of its own: nested maps down to the value.
  private func tree(
    of item: Item, in spec: Node.Mapping, problems: inout [Diagnostic]
  ) -> Node.Mapping? {
    guard !item.path.isEmpty, item.path.count <= Self.longestPath else {
      problems.append(.noSetting(at: item.whole))
      return nil
    }
    if let problem = problem(of: item.path, in: spec) {
      problems.append(problem)
      return nil
    }
    let (parsed, found) = Node.parse(item.value)
    problems += found
    // Without a value, the option is what says so.
    let empty = Node.scalar(Node.Scalar(text: "", isQuoted: false, span: item.value))
    guard let value = parsed ?? (item.value.isEmpty ? empty : nil) else { return nil }
    if item.value.isEmpty { problems.removeLast(found.count) }
    let keys = item.path
    guard NetworkRole(rawValue: keys[0].text) != nil, keys.count > 1,
      !NetworkSpec.keys.contains(keys[1].text)
    else { return nested(keys, value, at: item.whole) }
    // A layer by its name: {generator: {patch: [{set: {conv1: {filters: 32}}}]}}.
    let (set, patch) = (keys[1].named("set"), keys[1].named("patch"))
    let change = nested([set] + keys.dropFirst(), value, at: item.whole)
    let list = Node.Sequence(items: [.mapping(change)], span: item.whole)
    return nested([keys[0], patch], .sequence(list), at: item.whole)
  }

  /// `value` under the last of `keys`, which are not empty.
  private func nested(_ keys: [Node.Scalar], _ value: Node, at span: SourceSpan) -> Node.Mapping {
    let last = Node.Mapping(
      entries: keys.suffix(1).map { Node.Mapping.Entry(key: $0, value: value) }, span: span)
    return keys.dropLast().reversed().reduce(last) { inner, key in
      Node.Mapping(
        entries: [Node.Mapping.Entry(key: key, value: .mapping(inner))], span: span)
    }
  }

  /// Keys in a path; the language needs five.
  private static let longestPath = 16

  // MARK: Paths

  /// Follows the path through what the language knows, as far as it can be told from here.
  private func problem(of path: [Node.Scalar], in spec: Node.Mapping) -> Diagnostic? {
    var forms = Spec.settable
    for (index, key) in path.enumerated() {
      let known = forms.map(\.key)
      guard let form = forms.first(where: { $0.key == key.text }) else {
        return .unknownSetting(key, after: path[..<index], known: known)
      }
      guard index + 1 < path.count else { return nil }
      let next = path[index + 1]
      if NetworkRole(rawValue: key.text) != nil, index == 0,
        !NetworkSpec.keys.contains(next.text)
      {
        return nil  // a layer, whose names are known after `repeat`
      }
      switch form.value {
      case .options(let inner): forms = inner
      case .named(let names):
        forms = names.map { OptionForm(key: $0.name, value: $0.value) }
      case .map:
        return index == 0 && key.text == "let" ? definitionProblem(next, in: spec) : nil
      case .integer, .number, .boolean, .choice, .text, .list, .tuple, .layers, .anyOf, .anything:
        return .noKeysBelow(key, next)
      }
    }
    return nil
  }

  private func definitionProblem(_ name: Node.Scalar, in spec: Node.Mapping) -> Diagnostic? {
    guard case .mapping(let definitions) = spec["let"], definitions[name.text] == nil else {
      return spec["let"] == nil ? .unknownDefinition(name, known: []) : nil
    }
    return .unknownDefinition(name, known: definitions.entries.map(\.key.text))
  }
}

extension CommandLineSettings {
  /// Where a spec has what other programs take as an option: `train.optimizer.adam.learning_rate`
  /// for `lr`; nil for what no spec has.
  public static func path(of name: String) -> String? {
    let name = name.replacing("-", with: "_")
    if let path = Spec.settable.path(to: name) { return path }
    let options = ["learning_rate", "batch", "epochs", "seed", "classes", "smoothing"]
    guard let meant = OtherNames.guess(of: name, among: options),
      meant.relation == .sameMeaning
    else { return nil }
    return Spec.settable.path(to: meant.name)
  }
}

extension Spec {
  /// What `--set` can change: not the version of the language, nor the file's own parent.
  fileprivate static var settable: [OptionForm] {
    forms.filter { !["dcgan", "extends"].contains($0.key) }
  }
}

extension [OptionForm] {
  /// The shortest path to a key below these forms, as `--set` takes it.
  fileprivate func path(to key: String) -> String? {
    let paths = flatMap { form -> [String] in
      if form.key == key { return [form.key] }
      let inner: [OptionForm] =
        switch form.value {
        case .options(let forms): forms
        case .named(let names): names.map { OptionForm(key: $0.name, value: $0.value) }
        case .map, .integer, .number, .boolean, .choice, .text, .list, .tuple, .layers, .anyOf,
          .anything:
          []
        }
      return inner.path(to: key).map { ["\(form.key).\($0)"] } ?? []
    }
    return paths.min { $0.split(separator: ".").count < $1.split(separator: ".").count }
  }
}

extension Node.Scalar {
  /// Another text in the same place.
  fileprivate func named(_ text: String) -> Node.Scalar {
    Node.Scalar(text: text, isQuoted: false, span: span)
  }
}

extension SourceSpan {
  fileprivate var isEmpty: Bool { start == end }
}

extension Diagnostic {
  fileprivate static func noSetting(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      SpecCode.unknownSetting, "`--set` takes a path and a value", at: span,
      help: ["write `--set train.batch=64`"])
  }

  fileprivate static func unknownSetting(
    _ key: Node.Scalar, after path: ArraySlice<Node.Scalar>, known: [String]
  ) -> Diagnostic {
    let owner = path.isEmpty ? "a spec" : "`\(path.map(\.text).joined(separator: "."))`"
    return Diagnostic(
      SpecCode.unknownSetting, "\(owner) has no key \(key.text.quotedExcerpt) to set",
      at: key.span,
      help: [
        known.nearest(to: key.text).map { "did you mean `\($0)`?" }
          ?? (path.isEmpty ? Spec.settable.path(to: key.text) : nil).map { "write `\($0)=…`" }
          ?? "known: \(known.nameList)"
      ])
  }

  fileprivate static func noKeysBelow(_ key: Node.Scalar, _ next: Node.Scalar) -> Diagnostic {
    Diagnostic(
      SpecCode.unknownSetting, "`\(key.text)` is one value, without keys below it", at: next.span,
      help: ["write `\(key.text)=…`"])
  }

  fileprivate static func unknownDefinition(_ name: Node.Scalar, known: [String]) -> Diagnostic {
    let help =
      known.nearest(to: name.text).map { "did you mean `\($0)`?" }
      ?? (known.isEmpty ? "the spec has no `let`" : "`let` defines \(known.nameList)")
    return Diagnostic(
      SpecCode.unknownSetting, "`let` does not define \(name.text.quotedExcerpt)", at: name.span,
      help: [help])
  }
}
