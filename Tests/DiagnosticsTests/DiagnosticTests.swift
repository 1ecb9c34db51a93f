import Diagnostics
import Testing

private enum TestCode: String, CodeTable {
  case first = "S201"
  case second = "G511"

  var severity: Diagnostic.Severity { self == .first ? .error : .advice }

  var entry: CodeEntry { CodeEntry("title", "Explanation.", example: "a: b") }
}

private func diagnostic(
  _ code: TestCode, in file: SourceFile, line: Int, column: Int, _ message: String
) -> Diagnostic {
  let position = SourcePosition(line: line, column: column)
  return Diagnostic(code, message, at: SourceSpan(file: file, start: position, end: position))
}

@Suite("Diagnostic") struct DiagnosticTests {
  private let a = SourceFile(path: "a.yaml", text: "")
  private let b = SourceFile(path: "b.yaml", text: "")

  @Test func `code and severity come from the table`() {
    let made = diagnostic(.second, in: a, line: 1, column: 1, "here")
    #expect(made.code == DiagnosticCode(rawValue: "G511"))
    #expect(made.severity == .advice)
    #expect("\(TestCode.first.code)" == "S201")
  }

  @Test func `they are sorted by file, line and column, and stay in order within`() {
    let messages = [
      diagnostic(.first, in: b, line: 1, column: 1, "6"),
      diagnostic(.first, in: a, line: 2, column: 1, "4"),
      diagnostic(.first, in: a, line: 10, column: 1, "5"),
      diagnostic(.first, in: a, line: 1, column: 9, "2"),
      diagnostic(.first, in: a, line: 1, column: 10, "3a"),
      diagnostic(.first, in: a, line: 1, column: 10, "3b"),
      diagnostic(.first, in: a, line: 1, column: 1, "1"),
    ].sortedByPosition.map(\.message)
    #expect(messages == ["1", "2", "3a", "3b", "4", "5", "6"])
  }

  @Test func `only errors make a check fail`() {
    let advice = diagnostic(.second, in: a, line: 1, column: 1, "advice")
    let error = diagnostic(.first, in: a, line: 1, column: 1, "error")
    #expect(![advice].hasErrors)
    #expect([advice, error].hasErrors)
  }
}
