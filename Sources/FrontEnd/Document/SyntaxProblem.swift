import Diagnostics

/// libyaml's syntax errors in words that help; they come one at a time.
extension Diagnostic {
  static func syntax(_ error: SyntaxError, in file: SourceFile) -> Diagnostic {
    let place = SyntaxPlace(error, in: file)
    if let diagnostic = refusal(error, place) { return diagnostic }
    switch error.problem {
    case "did not find expected ',' or ']'": return brackets("[", "]", of: "list", place)
    case "did not find expected ',' or '}'": return brackets("{", "}", of: "map", place)
    case "could not find expected ':'":
      return Diagnostic(
        YAMLCode.colon, "expected a `:` after this key", at: file.lineSpan(from: place.context),
        help: ["an entry is `key: value`; long text that is no key needs quotes"])
    case "mapping values are not allowed in this context":
      return ColonMistake(before: place.position, in: file).diagnostic
    case "did not find expected key":
      let mistake = ColonMistake(before: place.position, in: file)
      return mistake.lineWithoutColon
        ?? indentation("expected a key of this map, found \(place.found)", of: "map", place)
    case "did not find expected '-' indicator" where place.isDashWithoutBlank:
      return Diagnostic(
        YAMLCode.indentation, "expected a space after `-`, found \(place.foundBehind)",
        at: place.span,
        repairs: [
          Repair("write a space after the `-`", .safe, [Repair.Edit(place.behind, " ")])
        ])
    case "did not find expected '-' indicator":
      return indentation("expected `- ` of this list, found \(place.found)", of: "list", place)
    case "block sequence entries are not allowed in this context":
      return Diagnostic(
        YAMLCode.indentation, "a `- ` list cannot start here", at: place.span,
        help: ["start the list in a line of its own, or write it in [ ]"])
    case "found unexpected end of stream", "found unexpected document indicator":
      return Diagnostic(
        YAMLCode.quotes, "this quoted text has no end",
        at: file.span(place.context, width: 1), help: ["add the closing quote"])
    case "found unknown escape character", "did not find expected hexdecimal number",
      "found invalid Unicode character escape code":
      let double = "write `\\\\` for a backslash, or use single quotes"
      let repairs = place.doubledBackslash(double)
      return Diagnostic(
        YAMLCode.escape, "an unknown escape in a text in double quotes", at: place.span,
        help: repairs.isEmpty ? [double] : [], repairs: repairs)
    case "found character that cannot start any token":
      return Diagnostic(
        YAMLCode.syntax, "expected a value, found \(place.found)", at: place.span,
        repairs: place.quotedWord("put text that begins with \(place.found) in quotes"))
    case "did not find expected <document start>":
      return Diagnostic(
        YAMLCode.syntax, "expected the end of the file, found \(place.found)", at: place.span)
    case "did not find expected node content" where place.isEndOfFile:
      return Diagnostic(
        YAMLCode.brackets, "a `[` or `{` before this is never closed", at: place.span,
        help: ["add the `]` or `}`"])
    default:
      return Diagnostic(
        YAMLCode.syntax, "expected a value, found \(place.found)", at: place.span,
        notes: ["the YAML reader says: \(error.words)"])
    }
  }

  /// Errors in what would be refused anyway.
  private static func refusal(_ error: SyntaxError, _ place: SyntaxPlace) -> Diagnostic? {
    if error.problem.contains("tab") || place.character == "\t" {
      return .tab(at: place.span)
    }
    if error.context.contains("anchor") { return .anchor(at: place.contextSpan) }
    if error.context.contains("alias") { return .alias(at: place.contextSpan) }
    if error.context.contains("directive") || error.problem.contains("directive") {
      return .directive(at: place.file.lineSpan(from: place.context))
    }
    if error.context.contains("tag") || error.problem.contains("tag handle") {
      return .tag(at: place.contextSpan)
    }
    return nil
  }

  private static func brackets(
    _ open: String, _ close: String, of kind: String, _ place: SyntaxPlace
  ) -> Diagnostic {
    if place.isEndOfFile {
      return Diagnostic(
        YAMLCode.brackets, "this `\(open)` is never closed", at: place.contextSpan,
        help: ["add the `\(close)`"])
    }
    return Diagnostic(
      YAMLCode.brackets, "expected `,` or `\(close)`, found \(place.found)", at: place.span,
      secondary: [Label(span: place.contextSpan, text: "the \(kind) starts here")],
      help: place.isLaterLine
        ? ["is the `\(close)` missing before this line?"]
        : place.character == ":" ? ["is a `,` missing before this key?"] : [])
  }

  private static func indentation(
    _ message: String, of kind: String, _ place: SyntaxPlace
  ) -> Diagnostic {
    Diagnostic(
      YAMLCode.indentation, message, at: place.wordSpan,
      secondary: [Label(span: place.contextSpan, text: "the \(kind) starts here")],
      help: [
        kind == "map"
          ? "the keys of one map start in the same column"
          : "the items of one list start in the same column"
      ])
  }
}

extension SyntaxError {
  fileprivate var words: String { (context.isEmpty ? "" : context + ", ") + problem }
}

/// Where an error is, and what stands there.
private struct SyntaxPlace {
  let file: SourceFile
  let position: SourcePosition
  let context: SourcePosition
  /// Nil at the end of a line.
  let character: Unicode.Scalar?

  init(_ error: SyntaxError, in file: SourceFile) {
    self.file = file
    position = file.clamped(error.position)
    context = file.clamped(error.contextPosition ?? error.position)
    character = file.line(position.line).unicodeScalars.dropFirst(position.column - 1).first
  }

  var span: SourceSpan { file.span(position, width: character == nil ? 0 : 1) }
  var wordSpan: SourceSpan { file.span(position, width: max(word.count, character == nil ? 0 : 1)) }
  var contextSpan: SourceSpan { file.span(context, width: 1) }
  var isLaterLine: Bool { position.line > context.line }

  /// Whether a list's item lacks the blank that makes it one.
  var isDashWithoutBlank: Bool {
    character == "-" && position.column == context.column && foundBehind != "`-`"
  }

  /// Right after the character.
  var behind: SourceSpan {
    file.span(SourcePosition(line: position.line, column: position.column + 1))
  }

  /// The word after the character, or the sign.
  var foundBehind: String {
    let text = file.line(position.line).unicodeScalars.dropFirst(position.column)
    let word = text.prefix { $0.properties.isAlphabetic }
    return String(word.isEmpty ? text.prefix(1) : word).quotedExcerpt
  }

  /// Whether nothing follows but empty lines.
  var isEndOfFile: Bool {
    character == nil
      && (position.line...max(position.line, file.lineCount)).allSatisfy { line in
        line == position.line || file.line(line).isEmpty
      }
  }

  /// The word at the place, or the sign.
  var found: String {
    guard let character else { return isEndOfFile ? "the end of the file" : "the end of the line" }
    return (word.isEmpty ? String(character) : String(word)).quotedExcerpt
  }

  private var word: Substring.UnicodeScalarView {
    let text = Substring(file.line(position.line)).unicodeScalars.dropFirst(position.column - 1)
    return text.prefix { $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" }
  }
}

/// Repairs of text that YAML reads as something else.
extension SyntaxPlace {
  /// Quotes the word at the place, up to a space or a sign of the enclosing list or map.
  func quotedWord(_ title: String) -> [Repair] {
    let rest = file.line(position.line).unicodeScalars.dropFirst(position.column - 1)
    let count = rest.prefix { !" \t,[]{}\"\\".unicodeScalars.contains($0) }.count
    return quoted(title, .safe, from: position.column, count: count)
  }

  /// Writes a second backslash after the first.
  func doubledBackslash(_ title: String) -> [Repair] {
    let line = Array(file.line(position.line).unicodeScalars)
    let index = position.column - 1
    let place = index < line.count && line[index] == "\\" ? index : index - 1
    guard place >= 0, place < line.count, line[place] == "\\" else { return [] }
    let start = SourcePosition(line: position.line, column: place + 1)
    return [Repair(title, .unsafe, file.span(start), "\\")]
  }

  private func quoted(
    _ title: String, _ safety: Repair.Safety, from column: Int, count: Int
  ) -> [Repair] {
    let start = SourcePosition(line: position.line, column: column)
    let end = SourcePosition(line: position.line, column: column + count)
    return [
      Repair(
        title, safety,
        [Repair.Edit(file.span(start), "\""), Repair.Edit(file.span(end), "\"")])
    ]
  }
}
