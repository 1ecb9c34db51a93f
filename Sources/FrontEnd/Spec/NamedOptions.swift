import Decoding
import Diagnostics
import Document

/// A name, alone or with options of its own: `relu`, `{leaky_relu: 0.2}`, `{adam: {beta1: 0.5}}`.
struct NamedOptions {
  let name: String
  /// Where the name stands.
  let span: SourceSpan
  let options: Node?
  /// Where the whole value stands.
  let valueSpan: SourceSpan

  /// Nil after reporting what else `node`, the value of `key`, is.
  init?(_ node: Node, key: String, known: [String], reader: inout OptionReader) {
    let scalar: Node.Scalar
    switch node {
    case .scalar(let name) where !name.text.isEmpty: (scalar, options) = (name, nil)
    case .mapping(let mapping) where mapping.entries.count == 1:
      (scalar, options) = (mapping.entries[0].key, mapping.entries[0].value)
    case .scalar, .sequence, .mapping:
      reader.report(
        .wrongForm(
          "`\(key)` takes one name, alone or with its options as `{name: {…}}`, "
            + "found \(node.formName)",
          at: node.span,
          help: [node.asNamed(among: known).map { "write `\($0)`" } ?? "known: \(known.nameList)"]))
      return nil
    }
    guard known.contains(scalar.text) else {
      reader.report(.unknownChoice(key: key, found: scalar, known: known, takesOptions: true))
      return nil
    }
    (name, span, valueSpan) = (scalar.text, scalar.span, node.span)
  }

  fileprivate init(name: String, span: SourceSpan) {
    (self.name, self.span, options, valueSpan) = (name, span, nil, span)
  }

  fileprivate func reader(in scope: Scope, inheriting other: Node?) -> OptionReader {
    let inherited = other?.mapping?[name]?.mapping
    return OptionReader(options, subject: name, span: span, scope: scope, inherited: inherited)
  }
}

extension OptionReader {
  /// Reads one of `known`, alone or with options of its own; nil where it is absent or something
  /// else.
  ///
  /// `other` is the value of such a key somewhere else: where it has the same name, its options hold
  /// here too, unless others are written.
  mutating func named<Value>(
    _ key: String, known: [String], default fallback: String? = nil, inheriting other: Node? = nil,
    help: String = "", helpFor: (String) -> String = { _ in "" },
    read: (NamedOptions, inout OptionReader) -> Value
  ) -> Value? {
    if isRecording {
      let forms = known.map { name in
        var options = OptionReader(recording: name)
        _ = read(NamedOptions(name: name, span: span), &options)
        return NamedForm(name: name, value: .options(options.forms ?? []), help: helpFor(name))
      }
      return node(key, takes: .named(forms), default: fallback, help: help).flatMap { _ in nil }
    }
    guard let node = node(key),
      let named = NamedOptions(node, key: key, known: known, reader: &self)
    else { return nil }
    var options = named.reader(in: scope, inheriting: other)
    let value = read(named, &options)
    absorb(options, under: key)
    return value
  }
}

extension Node {
  /// `{adam: {lr: 0.1}}` for `{type: adam, lr: 0.1}`, as other programs have it; nil for others.
  fileprivate func asNamed(among known: [String]) -> String? {
    guard case .mapping(let mapping) = self,
      let name = mapping.entries.first(where: { ["type", "name", "kind"].contains($0.key.text) }),
      case .scalar(let scalar) = name.value,
      let meant = OtherNames.guess(of: scalar.text, among: known)?.name
    else { return nil }
    let options = mapping.entries.filter { $0.key.text != name.key.text }
    guard options.allSatisfy({ $0.value.mapping == nil }) else { return "{\(meant): {…}}" }
    let texts = options.map { "\($0.key.span.text): \($0.value.span.text)" }
    return texts.isEmpty ? meant : "{\(meant): {\(texts.joined(separator: ", "))}}"
  }

  /// As `kindName`, with the number of keys of a map.
  fileprivate var formName: String {
    guard case .mapping(let mapping) = self else { return words }
    return "a map with \(mapping.entries.count) keys"
  }
}
