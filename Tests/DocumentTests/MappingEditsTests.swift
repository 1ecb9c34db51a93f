import Diagnostics
import Document
import Testing

@Suite struct MappingEditsTests {
  private func changed(
    _ text: String, _ edit: (Node.Mapping) -> Repair.Edit?
  ) throws -> String? {
    let file = SourceFile(path: "a.yaml", text: text)
    let mapping = try #require(YAMLDocument.parse(file).node?.mapping?["a"]?.mapping)
    return edit(mapping).map { String(decoding: file.applying([$0]).bytes, as: UTF8.self) }
  }

  @Test(
    arguments: [
      ("a: {b: 1} # c\n", "a: {b: 1, x: 2} # c\n"),
      ("a: {b: [1, 2],\n    c: é }\n", "a: {b: [1, 2],\n    c: é, x: 2 }\n"),
      ("a: {}\n", "a: {x: 2}\n"),
      ("a:\n  b: 1 # c\n  c: 3\n", "a:\n  x: 2\n  b: 1 # c\n  c: 3\n"),
    ])
  func insertion(text: String, expected: String) throws {
    #expect(try changed(text) { $0.insertion(of: "x", "2") } == expected)
  }

  @Test(
    arguments: [
      ("a: {x: 2} # c\n", "a: {} # c\n"),
      ("a: {x: 2, b: 1}\n", "a: {b: 1}\n"),
      ("a: {b: 1, x: {c: 3}}\n", "a: {b: 1}\n"),
      ("a:\n  x: 2 # stays\n  b: 1 # c\n", "a:\n  # stays\n  b: 1 # c\n"),
      ("a:\n  x: 2\n  b: 1 # c\n", "a:\n  b: 1 # c\n"),
      ("a:\n  b: 1\n  x:\n    - 2 # c\n    - 3\n", nil),
      ("a: {b: 1, # c\n  x: 2}\n", nil),
      ("a:\n  b: 1\n  x:\n    - 2\n    - 3\nc: 4\n", "a:\n  b: 1\nc: 4\n"),
      ("a:\n  x: 2\n", nil),
      ("a: {b: 1}\n", nil),
      ("a:\n  b: 1\n", nil),
    ])
  func removal(text: String, expected: String?) throws {
    #expect(try changed(text) { $0.removal(of: "x") } == expected)
  }
}
