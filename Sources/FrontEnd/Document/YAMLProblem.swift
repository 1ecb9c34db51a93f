import Files
import Diagnostics

/// The wording of everything that is refused in a YAML file, but for syntax errors.
extension Diagnostic {
  static func tooLarge(_ file: SourceFile) -> Diagnostic {
    Diagnostic(
      YAMLCode.tooLarge,
      "a spec may have \(YAMLDocument.mostBytes.grouped) bytes, this file has "
        + file.bytes.count.grouped,
      at: file.start)
  }

  static func wrongEncoding(_ file: SourceFile, found: String) -> Diagnostic {
    let hasMark = file.bytes.starts(with: [0xEF, 0xBB, 0xBF])
    return Diagnostic(
      YAMLCode.encoding, "expected UTF-8, found \(found)", at: file.start,
      help: hasMark ? [] : ["save the file as UTF-8 without a byte order mark"],
      repairs: hasMark
        ? [
          Repair(
            "remove the byte order mark", .safe, file.span(file.start.start, width: 1), "")
        ] : [])
  }

  static func invalidUTF8(_ byte: UInt8, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.invalidUTF8, "expected UTF-8, found the byte 0x\(hexadecimal(byte, digits: 2))",
      at: span, help: ["save the file as UTF-8"])
  }

  static func controlCharacter(_ character: UInt32, at span: SourceSpan) -> Diagnostic {
    // An old Macintosh ended lines so.
    let repair =
      character == 0x0D
      ? Repair("end lines with a line feed", .safe, span, "\n")
      : Repair("remove it, or write it as an escape in double quotes", .unsafe, span, "")
    return Diagnostic(
      YAMLCode.controlCharacter,
      "the control character U+\(hexadecimal(character, digits: 4)) is not allowed", at: span,
      repairs: [repair])
  }

  /// Only one report of a file repairs, all lines at once.
  static func tab(at span: SourceSpan, repairs: Bool = true) -> Diagnostic {
    let edits = repairs ? span.file.tabsToSpaces : []
    return Diagnostic(
      YAMLCode.tab, "a tab in the indentation", at: span,
      help: edits.isEmpty ? ["indent with spaces"] : [],
      repairs: edits.isEmpty
        ? [] : [Repair("indent with spaces: two for each tab", .safe, edits)])
  }

  static func anchor(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.anchor, "anchors are not allowed", at: span,
      help: [sharing, "put text that begins with `&` in quotes"],
      repairs: removal("remove the anchor", .unsafe, span))
  }

  static func alias(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.alias, "aliases are not allowed", at: span,
      help: [sharing, "put text that begins with `*` in quotes"])
  }

  /// `span` is the `#`.
  static func touchingComment(at span: SourceSpan) -> Diagnostic {
    let place = SourceSpan(file: span.file, start: span.start, end: span.start)
    return Diagnostic(
      YAMLCode.touchingComment, "a comment begins directly behind other text", at: span,
      repairs: [Repair("write a space before the `#`", .safe, place, " ")])
  }

  static func looseDash(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.looseSign, "a `-` stands alone, as text to some YAML readers", at: span,
      help: ["remove the `-`: items inside [ ] have none; quote text"])
  }

  static func looseQuestionMark(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.looseSign, "a `?` directly before a word is a part of it to some YAML readers only",
      at: span, help: ["or put the word in quotes with it"],
      repairs: [Repair("take the `?` away", .unsafe, span, "")])
  }

  static func mergeKey(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.mergeKey, "merge keys are not allowed", at: span,
      help: ["share options with `defaults`, whole specs with `extends`"])
  }

  static func tag(at span: SourceSpan) -> Diagnostic {
    let title = "remove it: the place of a value determines its type"
    // `!!int` is a type for certain, `!wow` may be text.
    let repairs = removal(title, span.text.hasPrefix("!!") ? .safe : .unsafe, span)
    return Diagnostic(
      YAMLCode.tag, "tags are not allowed", at: span,
      help: (repairs.isEmpty ? [title] : []) + ["put text that begins with `!` in quotes"],
      repairs: repairs)
  }

  static func severalDocuments(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.severalDocuments, "a second document starts here", at: span,
      help: ["put each spec into its own file"])
  }

  static func duplicateKey(_ key: Node.Scalar, first: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.duplicateKey, "\(key.text.quotedExcerpt) is a duplicate key", at: key.span,
      label: "again", secondary: [Label(span: first, text: "first here")],
      help: ["remove one of them"])
  }

  static func keyIsNoName(_ node: Node) -> Diagnostic {
    Diagnostic(
      YAMLCode.keyIsNoName, "a key must be a name, found \(node.kindName)", at: node.span,
      help: ["write one entry for each name, as in `height: 64`"])
  }

  static func directive(at span: SourceSpan) -> Diagnostic {
    let edit = span.file.removalOfLines(from: span.start, to: span.end)
    return Diagnostic(
      YAMLCode.directive, "directives are not allowed", at: span,
      help: edit == nil ? ["remove this line"] : [],
      repairs: edit.map { [Repair("remove this line", .safe, [$0])] } ?? [])
  }

  static func empty(_ file: SourceFile) -> Diagnostic {
    Diagnostic(
      YAMLCode.empty, "expected a spec, found an empty file", at: file.start,
      help: ["a spec starts with `dcgan: 1`"])
  }

  static func tooDeep(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.tooDeep,
      "maps and lists can be nested \(YAMLDocument.deepestNesting) deep", at: span)
  }

  static func tooManyValues(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.tooManyValues,
      "a spec may have \(YAMLDocument.mostEvents.grouped) values and brackets, this one goes on",
      at: span)
  }

  static func tooLong(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.tooLong, "a text may have \(YAMLDocument.longestText) bytes, this one has more",
      at: span)
  }

  private static let sharing =
    "share values with `let`, options with `defaults`, whole specs with `extends`"

  /// Takes out what stands at `span` and the spaces after it; nothing where nothing follows.
  private static func removal(
    _ title: String, _ safety: Repair.Safety, _ span: SourceSpan
  ) -> [Repair] {
    let behind = span.file.line(span.end.line).unicodeScalars.dropFirst(span.end.column - 1)
    let spaces = behind.prefix { $0 == " " }.count
    // A sign alone is no anchor or tag but text, and a repair would lose it.
    guard span.end.column - span.start.column > 1, spaces > 0, spaces < behind.count,
      behind.dropFirst(spaces).first != "#"
    else { return [] }
    let width = span.end.column - span.start.column + spaces
    return [Repair(title, safety, span.file.span(span.start, width: width), "")]
  }

  private static func hexadecimal(_ value: some BinaryInteger, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

extension SourceFile {
  /// The first position, for what concerns the whole file.
  var start: SourceSpan { span(SourcePosition(line: 1, column: 1)) }
}
