import Diagnostics

extension [Diagnostic] {
  /// Without those about expressions over names whose own definition is wrong, and reported.
  func withoutConsequences(of brokenNames: Set<String>) -> [Diagnostic] {
    split(byUseOf: brokenNames).others
  }

  /// Those that `isConcerned` picks and whose place uses one of `names`, with the names; and all
  /// others.
  func split(
    byUseOf names: Set<String>, where isConcerned: (Diagnostic) -> Bool = { _ in true }
  ) -> (others: [Diagnostic], uses: [(diagnostic: Diagnostic, names: [String])]) {
    if names.isEmpty { return (self, []) }
    var lines = TextLines()
    var (others, uses): ([Diagnostic], [(diagnostic: Diagnostic, names: [String])]) = ([], [])
    for diagnostic in self {
      let used = isConcerned(diagnostic) ? lines.text(at: diagnostic.primary.span).identifiers : []
      let found = used.filter(names.contains)
      if found.isEmpty { others.append(diagnostic) } else { uses.append((diagnostic, found)) }
    }
    return (others, uses)
  }
}

/// The text at spans; a file may be a single long line with many problems, so each line is taken
/// apart once.
private struct TextLines {
  private struct Place: Hashable {
    let file: ObjectIdentifier
    let number: Int
  }

  private var lines: [Place: [Unicode.Scalar]] = [:]

  /// The text of a span within one line; empty for a longer one.
  mutating func text(at span: SourceSpan) -> String {
    guard span.start.line == span.end.line else { return "" }
    let place = Place(file: ObjectIdentifier(span.file), number: span.start.line)
    let line = lines[place] ?? [Unicode.Scalar](span.file.line(span.start.line).unicodeScalars)
    lines[place] = line
    let first = Swift.min(span.start.column - 1, line.count)
    let end = Swift.max(first, Swift.min(span.end.column - 1, line.count))
    return String(String.UnicodeScalarView(line[first..<end]))
  }
}
