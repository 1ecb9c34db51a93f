import Diagnostics

/// Changes of a map's text, for repairs: they touch nothing else.
extension Node.Mapping {
  /// Whether it is written in `{ }`.
  private var isFlow: Bool {
    span.file.line(span.start.line).unicodeScalars.dropFirst(span.start.column - 1).first == "{"
  }

  /// Whether the entries stand in one file in this order: those of a spec and its parent do not.
  private var isAsWritten: Bool {
    entries.allSatisfy { $0.key.span.file === span.file }
      && zip(entries, entries.dropFirst()).allSatisfy { $0.key.span.start < $1.key.span.start }
  }

  /// Writes `key: value` before the map's first entry, or, in `{ }`, after its last; nil where
  /// the entries do not stand together.
  package func insertion(of key: String, _ value: String) -> Repair.Edit? {
    guard isAsWritten else { return nil }
    let file = span.file
    guard isFlow else {
      guard let first = entries.first?.key.span.start else { return nil }
      let indentation = String(repeating: " ", count: first.column - 1)
      return Repair.Edit(file.span(first), "\(key): \(value)\n\(indentation)")
    }
    if let last = entries.last {
      return Repair.Edit(file.span(last.value.span.end), ", \(key): \(value)")
    }
    let inside = SourcePosition(line: span.start.line, column: span.start.column + 1)
    return Repair.Edit(file.span(inside), "\(key): \(value)")
  }

  /// Takes out an entry with its comma, or its whole lines, with the map itself where it is the only
  /// one in `{ }`; nil where that cannot be done without touching something else.
  package func removal(of key: String) -> Repair.Edit? {
    guard isAsWritten, let index = entries.firstIndex(where: { $0.key.text == key }) else {
      return nil
    }
    let (file, entry) = (span.file, entries[index])
    guard isFlow else {
      guard entries.count > 1 else { return nil }
      return file.removalOfLines(from: entry.key.span.start, to: entry.value.span.end)
    }
    let (start, end) =
      if index + 1 < entries.count {
        (entry.key.span.start, entries[index + 1].key.span.start)
      } else if index > 0 {
        (entries[index - 1].value.span.end, entry.value.span.end)
      } else {
        (entry.key.span.start, entry.value.span.end)
      }
    guard !file.hasComment(from: start, to: end) else { return nil }
    return Repair.Edit(SourceSpan(file: file, start: start, end: end), "")
  }
}

extension SourceFile {
  /// Takes out whole lines, and leaves the comment after them; nil where other text stands in these
  /// lines, or a comment within.
  package func removalOfLines(
    from start: SourcePosition, to end: SourcePosition
  ) -> Repair.Edit? {
    let before = line(start.line).unicodeScalars.prefix(start.column - 1)
    let behind = Array(line(end.line).unicodeScalars.dropFirst(end.column - 1))
    let spaces = behind.prefix { $0 == " " }.count
    guard before.allSatisfy({ $0 == " " }), spaces == behind.count || behind[spaces] == "#",
      !hasComment(from: start, to: end)
    else { return nil }
    if spaces < behind.count {
      let comment = SourcePosition(line: end.line, column: end.column + spaces)
      return Repair.Edit(SourceSpan(file: self, start: start, end: comment), "")
    }
    return Repair.Edit(
      SourceSpan(
        file: self, start: SourcePosition(line: start.line, column: 1),
        end: SourcePosition(line: end.line + 1, column: 1)), "")
  }

  /// Whether one may begin there; a `#` within quotes counts too.
  package func hasComment(from start: SourcePosition, to end: SourcePosition) -> Bool {
    (start.line...max(start.line, end.line)).contains { number in
      let text = line(number).unicodeScalars
      let piece = number == end.line ? text.prefix(max(0, end.column - 1)) : text[...]
      return piece.dropFirst(number == start.line ? start.column - 1 : 0).contains("#")
    }
  }
}
