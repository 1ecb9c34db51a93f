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

  @Test func `one that is made of another keeps all of it`() {
    #expect(full(in: a).adding() == full(in: a))
    #expect(full(in: a).moved { $0 } == full(in: a))
    #expect(
      full(in: a).moved { SourceSpan(file: b, start: $0.start, end: $0.end) } == full(in: b))
  }

  @Test func `what is added stands behind what was there`() {
    let more = Diagnostic.Label(span: span(in: a, 9), text: "more")
    #expect(
      full(in: a).adding(
        secondary: [more], notes: ["another"], help: ["or this"],
        edits: [Repair.Edit(span(in: a, 9), "y")])
        == Diagnostic(
          TestCode.second.code, .advice, "message", at: span(in: a, 1), label: "label",
          secondary: [.init(span: span(in: a, 2), text: "second"), more],
          notes: ["note", "another"], help: ["help", "or this"],
          repairs: [
            Repair(
              "best", .safe, [.init(span(in: a, 3), "x"), .init(span(in: a, 9), "y")]),
            Repair("guess", .unsafe, span(in: a, 4), "z"),
          ], suppression: "on purpose"))
  }

  /// With something in every place.
  private func full(in file: SourceFile) -> Diagnostic {
    Diagnostic(
      TestCode.second.code, .advice, "message", at: span(in: file, 1), label: "label",
      secondary: [.init(span: span(in: file, 2), text: "second")], notes: ["note"],
      help: ["help"],
      repairs: [
        Repair("best", .safe, span(in: file, 3), "x"),
        Repair("guess", .unsafe, span(in: file, 4), "z"),
      ], suppression: "on purpose")
  }

  private func span(in file: SourceFile, _ line: Int) -> SourceSpan {
    let position = SourcePosition(line: line, column: 1)
    return SourceSpan(file: file, start: position, end: position)
  }
}
