import Decoding
import Diagnostics
import Document

/// A name, alone or with options of its own: `relu`, `{leaky_relu: 0.2}`, `{adam: {beta1: 0.5}}`.
struct NamedOptions {
  let name: String
  /// Where the name stands.
  let span: SourceSpan
  let options: Node?

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
          at: node.span, help: ["known: \(known.nameList)"]))
      return nil
    }
    guard known.contains(scalar.text) else {
      reader.report(.unknownChoice(key: key, found: scalar, known: known))
      return nil
    }
    (name, span) = (scalar.text, scalar.span)
  }

  func reader(in scope: Scope) -> OptionReader {
    OptionReader(options, subject: name, span: span, scope: scope)
  }
}

extension Node {
  /// As `kindName`, with the number of keys of a map.
  fileprivate var formName: String {
    guard case .mapping(let mapping) = self else { return words }
    return "a map with \(mapping.entries.count) keys"
  }
}
