import Diagnostics
import Document

extension Node {
  /// The tree in one line: quoted scalars in quotes, lists in [ ], maps in { }.
  var outline: String {
    switch self {
    case .scalar(let scalar): scalar.isQuoted ? "\"\(scalar.text)\"" : scalar.text
    case .sequence(let sequence):
      "[\(sequence.items.map(\.outline).joined(separator: ", "))]"
    case .mapping(let mapping):
      "{\(mapping.entries.map { "\($0.key.text): \($0.value.outline)" }.joined(separator: ", "))}"
    }
  }

  /// Every node in the order of the file, each with its span.
  var places: [String] {
    switch self {
    case .scalar(let scalar): ["\(scalar.text.quotedExcerpt) \(scalar.span.words)"]
    case .sequence(let sequence):
      ["[] \(sequence.span.words)"] + sequence.items.flatMap(\.places)
    case .mapping(let mapping):
      ["{} \(mapping.span.words)"]
        + mapping.entries.flatMap { Node.scalar($0.key).places + $0.value.places }
    }
  }
}

extension SourceSpan {
  /// `2:3-7` within a line, `2:3-4:1` over several.
  var words: String {
    start.line == end.line
      ? "\(start.line):\(start.column)-\(end.column)"
      : "\(start.line):\(start.column)-\(end.line):\(end.column)"
  }
}

/// What is wrong with a text, as people see it; empty if nothing is.
func rendered(_ text: String) -> String {
  rendered(bytes: Array(text.utf8))
}

func rendered(bytes: [UInt8]) -> String {
  let (_, diagnostics) = YAMLDocument.parse(SourceFile(path: "a.yaml", bytes: bytes))
  return diagnostics.sortedByPosition.map { TextRenderer().render($0) }.joined(separator: "\n")
}
