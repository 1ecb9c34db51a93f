import Diagnostics
import Testing

/// The span of the only occurrence of `text` in `line`.
private func span(_ file: SourceFile, _ line: Int, _ text: String) -> SourceSpan {
  let source = Array(file.line(line).unicodeScalars)
  let wanted = Array(text.unicodeScalars)
  let column = source.indices.first { source[$0...].starts(with: wanted) }! + 1
  return SourceSpan(
    file: file, start: SourcePosition(line: line, column: column),
    end: SourcePosition(line: line, column: column + wanted.count))
}

private let code = DiagnosticCode(rawValue: "T402")

private let faces = SourceFile(
  path: "faces.yaml",
  text: """
    dcgan: 1
    image: {size: 64, channels: 3}
    generator:
      layers:
        - project: {to: [512, 4, 4]}
        - conv_transpose: {filters: 256}
        - conv_transpose: {filters: 128}
        - conv_transpose: {filters: 3, norm: none, activation: tanh}

    """)

private let tooSmall = Diagnostic(
  code, .error, "the generator makes 3 × 32 × 32, the image is 3 × 64 × 64",
  at: span(faces, 8, "conv_transpose"), label: "3 × 32 × 32 comes out here",
  secondary: [.init(span: span(faces, 2, "64"), text: "64 × 64 is required here")],
  notes: ["every stride-2 conv_transpose doubles the size"],
  help: ["one more stride-2 conv_transpose doubles the size"])

@Suite("Text renderer") struct TextRendererTests {
  @Test func `labels stand under their lines`() {
    #expect(
      TextRenderer().render(tooSmall) == """
        faces.yaml:8:7: error[T402]: the generator makes 3 × 32 × 32, the image is 3 × 64 × 64
            8 |     - conv_transpose: {filters: 3, norm: none, activation: tanh}
              |       ^^^^^^^^^^^^^^ 3 × 32 × 32 comes out here
            2 | image: {size: 64, channels: 3}
              |               -- 64 × 64 is required here
           note: every stride-2 conv_transpose doubles the size
           help: one more stride-2 conv_transpose doubles the size
        """)
  }

  @Test func `labels of one line share it`() {
    let diagnostic = Diagnostic(
      code, .warning, "two sizes", at: span(faces, 2, "64"),
      secondary: [
        .init(span: span(faces, 2, "channels"), text: "of these"),
        .init(span: span(faces, 2, "image"), text: ""),
      ])
    #expect(
      TextRenderer().render(diagnostic) == """
        faces.yaml:2:15: warning[T402]: two sizes
            2 | image: {size: 64, channels: 3}
              |               ^^
              |                   -------- of these
              | -----
        """)
  }

  @Test func `a label in another file names it`() {
    let base = SourceFile(path: "base.yaml", text: "let:\n  width: 128\n")
    let diagnostic = Diagnostic(
      code, .advice, "too wide", at: span(faces, 7, "128"),
      secondary: [.init(span: span(base, 2, "128"), text: "`width` is 128")])
    #expect(
      TextRenderer().render(diagnostic) == """
        faces.yaml:7:33: advice[T402]: too wide
            7 |     - conv_transpose: {filters: 128}
              |                                 ^^^
              --> base.yaml:2
            2 |   width: 128
              |          --- `width` is 128
        """)
  }

  @Test func `of a span over several lines the first is marked`() {
    let diagnostic = Diagnostic(
      code, .note, "all of it",
      at: SourceSpan(
        file: faces, start: SourcePosition(line: 4, column: 3),
        end: SourcePosition(line: 8, column: 10)))
    #expect(
      TextRenderer().render(diagnostic) == """
        faces.yaml:4:3: note[T402]: all of it
            4 |   layers:
              |   ^^^^^^^
        """)
  }

  @Test func `an empty span and one beyond the file get one caret`() {
    for (line, column) in [(1, 9), (9, 1), (42, 7)] {
      let position = SourcePosition(line: line, column: column)
      let diagnostic = Diagnostic(
        code, .error, "here", at: SourceSpan(file: faces, start: position, end: position))
      let lines = TextRenderer().render(diagnostic).split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[2] == (line == 1 ? "      |         ^" : "      | ^"))
    }
  }

  @Test(
    arguments: [
      ("\tsize: x", "    size: x", "          ^"),
      ("a\tb: x", "a   b: x", "       ^"),
      ("名前: x", "名前: x", "      ^"),
      ("e\u{301}te\u{301}: x", "e\u{301}te\u{301}: x", "     ^"),
      ("a🙂: x", "a🙂: x", "     ^"),
      ("a\u{1B}[31m: x", "a␛[31m: x", "        ^"),
      ("a\u{7F}: x", "a␡: x", "    ^"),
      ("a\u{202E}: x", "a<U+202E>: x", "           ^"),
    ])
  func `marks stand right in spite of odd characters`(source: String, shown: String, mark: String) {
    let file = SourceFile(path: "a.yaml", text: source)
    let text = TextRenderer().render(
      Diagnostic(code, .error, "here", at: span(file, 1, "x")))
    let lines = text.split(separator: "\n")
    #expect(lines[1] == "    1 | \(shown)")
    #expect(lines[2] == "      | \(mark)")
  }

  @Test func `a wide span is as wide as its characters`() {
    let file = SourceFile(path: "a.yaml", text: "名前: 猫")
    let text = TextRenderer().render(Diagnostic(code, .error, "here", at: span(file, 1, "名前")))
    #expect(text.hasSuffix("      | ^^^^"))
  }

  @Test func `of a long line the part around the mark is shown`() {
    let long = (0..<40).map { "key\($0): \($0)" }.joined(separator: ", ")
    let file = SourceFile(path: "a.yaml", text: "{\(long)}")
    let diagnostic = Diagnostic(
      code, .error, "here", at: span(file, 1, "key20"), label: "this",
      secondary: [
        .init(span: span(file, 1, "key21"), text: "near"),
        .init(span: span(file, 1, "key2:"), text: "at the start"),
        .init(span: span(file, 1, "39}"), text: "at the end"),
      ])
    #expect(
      TextRenderer(width: 40).render(diagnostic) == """
        a.yaml:1:202: error[T402]: here
            1 | …, key19: 19, key20: 20, key21: 21, key22…
              |               ^^^^^ this
              |                          ----- near
            1 | … 0, key1: 1, key2: 2, key3: 3, key4: 4, …
              |               ----- at the start
            1 | …36: 36, key37: 37, key38: 38, key39: 39}
              |                                       --- at the end
        """)
  }

  @Test func `messages cannot control the terminal`() {
    let file = SourceFile(path: "a\u{1B}.yaml", text: "x")
    let diagnostic = Diagnostic(
      code, .error, "`a\u{1B}[2J\n`", at: span(file, 1, "x"), label: "\u{202E}",
      notes: ["\u{9B}"], help: ["\r"])
    #expect(
      TextRenderer().render(diagnostic) == """
        a␛.yaml:1:1: error[T402]: `a␛[2J␊`
            1 | x
              | ^ <U+202E>
           note: <U+9B>
           help: ␍
        """)
  }

  @Test func `colours mark severity, gutter, notes and help`() {
    let escape = "\u{1B}["
    #expect(
      TextRenderer(colour: true).render(tooSmall).replacing(escape, with: "⟨") == """
        ⟨1mfaces.yaml:8:7:⟨0m ⟨1;31merror[T402]:⟨0m \
        ⟨1mthe generator makes 3 × 32 × 32, the image is 3 × 64 × 64⟨0m
        ⟨34m    8 |⟨0m     - conv_transpose: {filters: 3, norm: none, activation: tanh}
        ⟨34m      |⟨0m       ⟨1;31m^^^^^^^^^^^^^^ 3 × 32 × 32 comes out here⟨0m
        ⟨34m    2 |⟨0m image: {size: 64, channels: 3}
        ⟨34m      |⟨0m               ⟨34m-- 64 × 64 is required here⟨0m
        ⟨1;34m   note:⟨0m every stride-2 conv_transpose doubles the size
        ⟨1;32m   help:⟨0m one more stride-2 conv_transpose doubles the size
        """)
  }

  @Test func `each change of file is shown`() {
    let base = SourceFile(path: "base.yaml", text: "let: {size: 32}")
    let diagnostic = Diagnostic(
      code, .error, "too large", at: span(faces, 2, "64"), label: "here",
      secondary: [
        .init(span: span(base, 1, "32"), text: "`size` is 32"),
        .init(span: span(faces, 1, "1"), text: "version"),
      ])
    #expect(
      TextRenderer().render(diagnostic) == """
        faces.yaml:2:15: error[T402]: too large
            2 | image: {size: 64, channels: 3}
              |               ^^ here
              --> base.yaml:1
            1 | let: {size: 32}
              |             -- `size` is 32
              --> faces.yaml:1
            1 | dcgan: 1
              |        - version
        """)
  }

  @Test(arguments: zip(Diagnostic.Severity.allCases, ["1;31", "1;33", "1;36", "1;34"]))
  func `each severity has its colour`(severity: Diagnostic.Severity, style: String) {
    let text = TextRenderer(colour: true).render(
      Diagnostic(code, severity, "here", at: span(faces, 1, "dcgan")))
    #expect(text.contains("\u{1B}[\(style)m\(severity.rawValue)[T402]:"))
  }

  @Test func `several are sorted and counted`() {
    let first = Diagnostic(code, .warning, "first", at: span(faces, 1, "dcgan"))
    let second = Diagnostic(code, .error, "second", at: span(faces, 2, "image"))
    #expect(
      TextRenderer().render([second, first]) == """
        faces.yaml:1:1: warning[T402]: first
            1 | dcgan: 1
              | ^^^^^

        faces.yaml:2:1: error[T402]: second
            2 | image: {size: 64, channels: 3}
              | ^^^^^

        1 error, 1 warning
        """)
    #expect(TextRenderer().render([]) == "")
  }

  @Test(
    arguments: [
      ([], "no problems"),
      ([.error], "1 error"),
      ([.note, .advice, .warning, .error], "1 error, 1 warning, 1 piece of advice, 1 note"),
      (
        [.error, .error, .warning, .warning, .advice, .advice, .note, .note],
        "2 errors, 2 warnings, 2 pieces of advice, 2 notes"
      ),
    ] as [([Diagnostic.Severity], String)])
  func `the summary counts by severity`(severities: [Diagnostic.Severity], expected: String) {
    let diagnostics = severities.map {
      Diagnostic(code, $0, "here", at: span(faces, 1, "dcgan"))
    }
    #expect(TextRenderer.summary(of: diagnostics) == expected)
  }

  @Test func `many problems in one very long line take no time`() {
    let file = SourceFile(path: "a.yaml", text: String(repeating: "x, ", count: 100_000))
    let diagnostics = (0..<1000).map { index in
      let start = SourcePosition(line: 1, column: 1 + 300 * index)
      return Diagnostic(
        code, .error, "here",
        at: SourceSpan(file: file, start: start, end: SourcePosition(line: 1, column: 300_000)))
    }
    let duration = ContinuousClock().measure { _ = TextRenderer().render(diagnostics) }
    // Quadratic work would take minutes.
    #expect(duration < .seconds(10))
  }
}
