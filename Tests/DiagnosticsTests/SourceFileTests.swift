import Diagnostics
import Testing

@Suite("Source file") struct SourceFileTests {
  @Test func `lines come without their line breaks`() {
    let file = SourceFile(path: "a.yaml", text: "one\r\ntwo\n\nfour")
    #expect(file.lineCount == 4)
    #expect((0...5).map { file.line($0) } == ["", "one", "two", "", "four", ""])
  }

  @Test func `an empty file has one empty line`() {
    let file = SourceFile(path: "a.yaml", bytes: [])
    #expect(file.lineCount == 1)
    #expect(file.line(1) == "")
  }

  @Test func `bytes that are no text are shown as such`() {
    #expect(SourceFile(path: "a.yaml", bytes: [0x61, 0xFF, 0x62]).line(1) == "a\u{FFFD}b")
  }

  @Test func `spans are equal when their files are the same one`() {
    let (a, b) = (SourceFile(path: "a.yaml", text: "x"), SourceFile(path: "a.yaml", text: "x"))
    let position = SourcePosition(line: 1, column: 1)
    func span(_ file: SourceFile) -> SourceSpan {
      SourceSpan(file: file, start: position, end: position)
    }
    #expect(span(a) == span(a))
    #expect(span(a) != span(b))
    #expect(Set([span(a), span(a), span(b)]).count == 2)
  }
}
