import Files
import Testing

@testable import Diagnostics

/// Widths compare with Unicode 16's EastAsianWidth.txt and emoji-data.txt.
@Suite struct DisplayCellTests {
  @Test(arguments: [
    ("a", 1), ("é", 1), ("漢", 2), ("한", 2), ("ｱ", 1), ("Ａ", 2), ("。", 2), ("→", 1),
    ("—", 1), ("⌚", 2), ("✅", 2), ("❤", 1), ("🙂", 2), ("🪐", 2), ("⚡", 2), ("☀", 1),
    ("\u{301}", 0), ("\u{1160}", 0), ("🇩", 1), ("\u{20000}", 2), ("\u{17000}", 2),
    ("\u{3000}", 2), ("㉈", 1), ("①", 1),
  ])
  func widthsAreThoseOfTerminals(_ text: String, _ width: Int) {
    let cells = DisplayCell.cells(of: Array(text.unicodeScalars)[...])
    #expect(cells.map(\.width).reduce(0, +) == width)
  }

  @Test func whatIsNotShownIsMadeVisible() {
    #expect("a\u{1B}[31mb\u{7F}\u{9B}\u{202E}".visible == "a␛[31mb␡<U+9B><U+202E>")
    #expect("a\nb\u{1B}".visibleLines == "a\nb␛")
    #expect(String(repeating: "x", count: 100).excerpt(10) == "xxxxxxxxxx…")
  }

  /// A name of any length leaves a message that can be read.
  @Test func quotedPartsOfMessagesAreBounded() {
    let file = SourceFile(path: "a.yaml", text: "x")
    let start = SourcePosition(line: 1, column: 1)
    let long = String(repeating: "n", count: 4000)
    let diagnostic = Diagnostic(
      DiagnosticCode(rawValue: "S221"), .error, "`\(long)` is long",
      at: SourceSpan(file: file, start: start, end: start))
    #expect(diagnostic.message == "`\(String(repeating: "n", count: 200))…` is long")
  }
}
