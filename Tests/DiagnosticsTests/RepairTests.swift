import Diagnostics
import Testing

@Suite struct RepairTests {
  private let file = SourceFile(path: "a.yaml", text: "é: 1\r\nb: 🙂x # no\n\nc: 3")

  private func edit(_ line: Int, _ columns: Range<Int>, _ text: String) -> Repair.Edit {
    Repair.Edit(
      SourceSpan(
        file: file, start: SourcePosition(line: line, column: columns.lowerBound),
        end: SourcePosition(line: line, column: columns.upperBound)), text)
  }

  private func text(_ edits: Repair.Edit...) -> String {
    String(decoding: file.applying(edits).bytes, as: UTF8.self)
  }

  @Test func `columns are code points, and all else stays byte for byte`() {
    #expect(text(edit(1, 4..<5, "22")) == "é: 22\r\nb: 🙂x # no\n\nc: 3")
    #expect(text(edit(2, 5..<6, "y")) == "é: 1\r\nb: 🙂y # no\n\nc: 3")
    #expect(text(edit(4, 5..<5, "4")) == "é: 1\r\nb: 🙂x # no\n\nc: 34")
    #expect(text() == "é: 1\r\nb: 🙂x # no\n\nc: 3")
  }

  @Test func `several edits are made in the order of the text`() {
    #expect(text(edit(4, 1..<2, "d"), edit(1, 1..<2, "a")) == "a: 1\r\nb: 🙂x # no\n\nd: 3")
  }

  @Test func `positions beyond the end are the end`() {
    #expect(text(edit(9, 1..<2, "!")) == "é: 1\r\nb: 🙂x # no\n\nc: 3!")
    #expect(text(edit(1, 9..<12, "!")) == "é: 1!\r\nb: 🙂x # no\n\nc: 3")
  }

  @Test func `the first repair that is allowed is made`() {
    let unsafe = Repair("a guess", .unsafe, [edit(1, 1..<2, "a")])
    let safe = Repair("sure", .safe, [edit(1, 1..<2, "b")])
    let diagnostic = Diagnostic(
      DiagnosticCode(rawValue: "S202"), .error, "x", at: unsafe.edits[0].span, help: ["or not"],
      repairs: [unsafe, safe])
    #expect(diagnostic.help == ["a guess", "sure", "or not"])
    #expect(diagnostic.repair(upTo: .safe) == safe)
    #expect(diagnostic.repair(upTo: .unsafe) == unsafe)
  }

  @Test(
    arguments: [
      ([.safe], "1 error; `dcgan-compile --fix` repairs 1"),
      ([.unsafe], "1 error; `dcgan-compile --fix --unsafe` repairs 1"),
      (
        [.safe, .unsafe, .safe],
        "3 errors; `dcgan-compile --fix` repairs 2, with `--unsafe` 1 more"
      ),
    ] as [([Repair.Safety], String)])
  func `the summary counts what can be repaired`(safeties: [Repair.Safety], summary: String) {
    let diagnostics = safeties.map { safety in
      Diagnostic(
        DiagnosticCode(rawValue: "S202"), .error, "x", at: edit(1, 1..<2, "").span,
        repairs: [Repair("y", safety, [edit(1, 1..<2, "a")])])
    }
    #expect(TextRenderer().render(diagnostics).hasSuffix("\n\n\(summary)"))
  }

  @Test func `the summary leaves out what stands in other files`() {
    let span = edit(1, 1..<2, "").span
    let diagnostic = Diagnostic(
      DiagnosticCode(rawValue: "S202"), .error, "x", at: span,
      repairs: [Repair("y", .safe, [edit(1, 1..<2, "a")])])
    func summary(_ fixable: String) -> String? {
      TextRenderer(fixable: fixable).render([diagnostic]).split(separator: "\n").last.map(
        String.init)
    }
    #expect(summary(span.file.path) == "1 error; `dcgan-compile --fix` repairs 1")
    #expect(summary("child.yaml") == "1 error")
  }

  @Test(
    arguments: [
      ("a\nb\nc\n", "a\nb\nc\n", ""),
      ("a\nb\nc\n", "a\nB\nc\n", "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"),
      ("a\n", "a\nb\n", "@@ -1,1 +1,2 @@\n a\n+b\n"),
      ("", "a\n", "@@ -0,0 +1,1 @@\n+a\n"),
      (
        "a", "b",
        "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
      ),
      (
        "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "one\n2\n3\n4\n5\n6\n7\n8\nnine\n",
        "@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -6,4 +6,4 @@\n 6\n 7\n 8\n-9\n+nine\n"
      ),
    ])
  func `a unified diff has three lines around each change`(old: String, new: String, hunks: String)
  {
    let diff = unifiedDiff(
      from: SourceFile(path: "a.yaml", text: old), to: SourceFile(path: "a.yaml", text: new))
    #expect(diff == (hunks.isEmpty ? "" : "--- a.yaml\n+++ a.yaml\n\(hunks)"))
  }

  @Test(
    arguments: [
      ("strid", ["stride", "kernel"], NameGuess(name: "stride", relation: .similarSpelling)),
      ("G55", ["G505", "G515"], NameGuess(name: "G505", relation: .similarSpelling)),
      ("a", ["b"], NameGuess(name: "b", relation: .similarSpelling)),
      ("A", ["a"], NameGuess(name: "a", relation: .sameMeaning)),
    ])
  func `only another case of letters means the same`(
    name: String, known: [String], guess: NameGuess
  ) {
    #expect(known.guess(of: name) == guess)
  }
}
