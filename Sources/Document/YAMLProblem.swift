import Diagnostics

/// The wording of everything that is refused in a YAML file, but for syntax errors.
extension Diagnostic {
  static func tooLarge(_ file: SourceFile) -> Diagnostic {
    Diagnostic(
      YAMLCode.tooLarge,
      "a spec may have \(YAMLDocument.mostBytes) bytes, this file has \(file.bytes.count)",
      at: file.start)
  }

  static func wrongEncoding(_ file: SourceFile, found: String) -> Diagnostic {
    Diagnostic(
      YAMLCode.encoding, "expected UTF-8, found \(found)", at: file.start,
      help: ["save the file as UTF-8 without a byte order mark"])
  }

  static func invalidUTF8(_ byte: UInt8, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.invalidUTF8, "expected UTF-8, found the byte 0x\(hexadecimal(byte, digits: 2))",
      at: span, help: ["save the file as UTF-8"])
  }

  static func controlCharacter(_ character: UInt32, at span: SourceSpan) -> Diagnostic {
    let help =
      character == 0x0D
      ? "end lines with a line feed" : "remove it, or write it as an escape in double quotes"
    return Diagnostic(
      YAMLCode.controlCharacter,
      "the control character U+\(hexadecimal(character, digits: 4)) is not allowed", at: span,
      help: [help])
  }

  static func tab(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.tab, "a tab in the indentation", at: span, help: ["indent with blanks"])
  }

  static func anchor(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.anchor, "anchors are not allowed", at: span,
      help: [sharing, "put text that begins with `&` in quotes"])
  }

  static func alias(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.alias, "aliases are not allowed", at: span,
      help: [sharing, "put text that begins with `*` in quotes"])
  }

  static func mergeKey(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.mergeKey, "merge keys are not allowed", at: span,
      help: ["share options by `defaults`, whole specs by `extends`"])
  }

  static func tag(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.tag, "tags are not allowed", at: span,
      help: [
        "leave it out: where a value stands decides its type",
        "put text that begins with `!` in quotes",
      ])
  }

  static func severalDocuments(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.severalDocuments, "a second document starts here", at: span,
      help: ["put each spec into its own file"])
  }

  static func duplicateKey(_ key: Node.Scalar, first: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.duplicateKey, "\(key.text.quotedExcerpt) is given twice", at: key.span,
      label: "again", secondary: [Label(span: first, text: "first here")],
      help: ["remove one of them"])
  }

  static func keyIsNoName(_ node: Node) -> Diagnostic {
    Diagnostic(
      YAMLCode.keyIsNoName, "a key must be a name, found \(node.kindName)", at: node.span)
  }

  static func directive(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.directive, "directives are not allowed", at: span, help: ["remove this line"])
  }

  static func empty(_ file: SourceFile) -> Diagnostic {
    Diagnostic(
      YAMLCode.empty, "expected a spec, found an empty file", at: file.start,
      help: ["a spec starts with `dcgan: 1`"])
  }

  static func tooDeep(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.tooDeep,
      "maps and lists may stand \(YAMLDocument.deepestNesting) deep within each other", at: span)
  }

  static func tooManyValues(at span: SourceSpan) -> Diagnostic {
    Diagnostic(YAMLCode.tooManyValues, "there are too many values in this file", at: span)
  }

  static func tooLong(at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      YAMLCode.tooLong, "a text may have \(YAMLDocument.longestText) bytes, this one has more",
      at: span)
  }

  private static let sharing =
    "share values by `let`, options by `defaults`, whole specs by `extends`"

  private static func hexadecimal(_ value: some BinaryInteger, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

extension SourceFile {
  /// The first position, for what concerns the whole file.
  var start: SourceSpan { span(SourcePosition(line: 1, column: 1)) }
}
