import Diagnostics

extension Node {
  /// The value that stands in a piece of one line of `file`, with its places there.
  ///
  /// What is before it is blanked out for the reader, so that all positions agree.
  public static func parse(
    _ span: SourceSpan
  ) -> (node: Node?, diagnostics: [Diagnostic]) {
    let file = span.file
    let line = file.line(span.start.line).unicodeScalars
    let spaces = String(repeating: " ", count: span.start.column - 1)
    let value = String(String.UnicodeScalarView(line.dropFirst(span.start.column - 1)))
    let breaks = String(repeating: "\n", count: span.start.line - 1)
    let copy = SourceFile(path: file.path, text: breaks + spaces + value)
    let (node, diagnostics) = YAMLDocument.parse(copy)
    return (node?.moved(to: file), diagnostics.map { $0.moved { span in span.moved(to: file) } })
  }

  private func moved(to file: SourceFile) -> Node {
    switch self {
    case .scalar(let scalar): .scalar(scalar.moved(to: file))
    case .sequence(let list):
      .sequence(
        Sequence(items: list.items.map { $0.moved(to: file) }, span: list.span.moved(to: file)))
    case .mapping(let map):
      .mapping(
        Mapping(
          entries: map.entries.map {
            Mapping.Entry(key: $0.key.moved(to: file), value: $0.value.moved(to: file))
          }, span: map.span.moved(to: file)))
    }
  }
}

extension Node.Scalar {
  fileprivate func moved(to file: SourceFile) -> Node.Scalar {
    Node.Scalar(text: text, isQuoted: isQuoted, span: span.moved(to: file))
  }
}

extension SourceSpan {
  fileprivate func moved(to file: SourceFile) -> SourceSpan {
    SourceSpan(file: file, start: start, end: end)
  }
}
