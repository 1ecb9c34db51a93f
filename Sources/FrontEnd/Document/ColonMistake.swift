import Diagnostics

/// Why libyaml met a `:` where no key can end.
///
/// It reads on in a plain text over the end of a line, so that the mistake is often in the line
/// before: a `:` is missing there, or one of the two is indented wrongly.
struct ColonMistake {
  private let file: SourceFile
  /// Of the `:`.
  private let position: SourcePosition
  private let line: EntryLine

  init(before position: SourcePosition, in file: SourceFile) {
    (self.file, self.position) = (file, position)
    line = EntryLine(position.line, of: file)
  }

  var diagnostic: Diagnostic {
    if line.opensBracket, let problem = missingColon(line) { return problem }
    // The `:` ends the first key of its line: the text before it began in another one.
    guard line.nameEnd == position.column, let before = previous else { return text }
    if before.hasValue, line.start > before.start { return indentedFurther(than: before) }
    if !before.hasColon, let problem = missingColon(before) { return problem }
    return text
  }

  /// What to say where the line before begins in the same column, and is no entry of a map.
  var lineWithoutColon: Diagnostic? {
    guard line.hasColon, let before = previous, before.start == line.start, !before.hasColon else {
      return nil
    }
    return missingColon(before)
  }

  /// The line with text before this one.
  private var previous: EntryLine? {
    stride(from: position.line - 1, to: 0, by: -1).lazy.map { EntryLine($0, of: file) }
      .first { !$0.isBlank }
  }

  private func missingColon(_ line: EntryLine) -> Diagnostic? {
    line.name.isEmpty ? nil : .missingColon(after: line.name, gap: line.gap)
  }

  private func indentedFurther(than before: EntryLine) -> Diagnostic {
    let start = SourcePosition(line: position.line, column: 1)
    let spaces = String(repeating: " ", count: before.start - 1)
    return Diagnostic(
      YAMLCode.indentation,
      "\(line.name.quotedExcerpt) is indented further than \(before.name.quotedExcerpt), which has "
        + "a value already",
      at: line.nameSpan, secondary: [.init(span: before.nameSpan, text: "before it")],
      help: ["keys of one map start in the same column; is one of these lines indented wrongly?"],
      repairs: [
        Repair(
          "start it in column \(before.start)", .unsafe, file.span(start, width: line.start - 1),
          spaces)
      ])
  }

  private var text: Diagnostic {
    let quote = "put text that contains `: ` in quotes"
    let repairs = line.quotedValue(quote, endingBefore: position.column)
    return Diagnostic(
      YAMLCode.colon, "a `:` where no key can end", at: file.span(position, width: 1),
      help: (repairs.isEmpty ? [quote] : [])
        + (line.bracedValue.map { ["write a name with an option in braces: `\($0)`"] } ?? [])
        + ["or look whether this line, or the one before it, is indented wrongly"],
      repairs: repairs)
  }
}

extension Diagnostic {
  /// `gap` is what stands between the key and its value.
  package static func missingColon(after name: String, gap: SourceSpan) -> Diagnostic {
    let lookalike = gap.text.unicodeScalars.first { !$0.isASCII }.map {
      "what stands there, U+\(String($0.value, radix: 16, uppercase: true)), is neither"
    }
    return Diagnostic(
      YAMLCode.colon, "expected a `:` and a space after \(name.quotedExcerpt)", at: gap,
      notes: lookalike.map { [$0] } ?? [],
      repairs: [Repair("write `\(name): …`", .safe, gap, ": ")])
  }
}
