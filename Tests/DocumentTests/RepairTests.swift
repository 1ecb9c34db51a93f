import Diagnostics
import Document
import Testing

/// What the repairs of YAML problems make of a text.
@Suite("YAML repairs") struct YAMLRepairTests {
  @Test(
    arguments: [
      ("name: @home # here\n", "name: \"@home\" # here\n", Repair.Safety.safe),
      ("a: [`b, c]\n", "a: [\"`b\", c]\n", .safe),
      ("name: faces: small # why\n", "name: \"faces: small\" # why\n", .unsafe),
      ("path: \"C:\\data\"\n", "path: \"C:\\\\data\"\n", .unsafe),
      ("a:\n\tb: 1\n\t# é\n\t\tc: 2\n", "a:\n  b: 1\n  # é\n    c: 2\n", .safe),
      ("\u{FEFF}a: 1\r\n", "a: 1\r\n", .safe),
      ("a: 1\rb: 2\n", "a: 1\nb: 2\n", .safe),
      ("a: b\u{7}c\n", "a: bc\n", .unsafe),
      ("a: &x {b: 1}\n", "a: {b: 1}\n", .unsafe),
      ("a: !!int  64\n", "a: 64\n", .safe),
      ("a: !wow 64\n", "a: 64\n", .unsafe),
      ("%YAML 1.2\n---\na: 1\n", "---\na: 1\n", .safe),
    ])
  func `the text is mended and nothing else changes`(
    text: String, repaired: String, safety: Repair.Safety
  ) throws {
    let file = SourceFile(path: "a.yaml", text: text)
    let repair = try #require(YAMLDocument.parse(file).diagnostics.first?.repairs.first)
    #expect(repair.safety == safety)
    #expect(file.applying(repair.edits).bytes == Array(repaired.utf8))
  }

  @Test(
    arguments: [
      "a: &x\n", "a: !!str\n", "a: !!str # nothing\n", "a: *x\n", "<<: {a: 1}\n", "a: [1\n",
      "a: \"b\n", "a:\n    b: 1\n  c: 2\n", "a: 1\na: 2\n", "a: \"b: c\": d\n",
    ])
  func `where a change would be no more than a guess there is none`(text: String) {
    let file = SourceFile(path: "a.yaml", text: text)
    let diagnostics = YAMLDocument.parse(file).diagnostics
    #expect(!diagnostics.isEmpty)
    #expect(diagnostics.allSatisfy { $0.repairs.isEmpty })
  }

  @Test func `a piece of a line is mended where it stands`() throws {
    let file = SourceFile(path: "a.yaml", text: "a: 1\nb=&x {c: 1}\n")
    let (start, end) = (SourcePosition(line: 2, column: 3), SourcePosition(line: 2, column: 12))
    let span = SourceSpan(file: file, start: start, end: end)
    let repair = try #require(Node.parse(span).diagnostics.first?.repairs.first)
    #expect(repair.edits.allSatisfy { $0.span.file === file })
    #expect(file.applying(repair.edits).bytes == Array("a: 1\nb={c: 1}\n".utf8))
  }
}
