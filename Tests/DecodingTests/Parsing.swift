import Decoding
import Diagnostics
import Document

/// The value of the only key of a text, for readers and expressions to work on.
func value(_ text: String) -> (key: Node.Scalar, value: Node) {
  let (node, diagnostics) = YAMLDocument.parse(SourceFile(path: "a.yaml", text: text))
  guard case .mapping(let mapping)? = node, diagnostics.isEmpty else {
    preconditionFailure("\(text) is not one map: \(diagnostics.map(\.message))")
  }
  return (mapping.entries[0].key, mapping.entries[0].value)
}

/// `size` is 64, `width` 128, `rate` 0.5, each defined in a line of its own.
let scope: Scope = {
  let file = SourceFile(path: "base.yaml", text: "size: 64\nwidth: 128\nrate: 0.5\n")
  guard case .mapping(let mapping)? = YAMLDocument.parse(file).node else {
    preconditionFailure("base.yaml is not a map")
  }
  var scope = Scope()
  let values: [String: Number] = [
    "size": .integer(64), "width": .integer(128), "rate": .fraction(0.5),
  ]
  for entry in mapping.entries {
    scope.define(entry.key.text, as: values[entry.key.text]!, at: entry.value.span)
  }
  return scope
}()

/// As people see them, one after the other.
func rendered(_ diagnostics: [Diagnostic]) -> String {
  diagnostics.map { TextRenderer().render($0) }.joined(separator: "\n")
}
