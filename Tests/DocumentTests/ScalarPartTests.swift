import Diagnostics
import Document
import Testing

@Suite("Part of a scalar") struct ScalarPartTests {
  @Test(
    arguments: [
      ("a: i in 1..9", 5..<6, "1", "1:9-10"),
      ("a: 'i in 1..9'", 5..<6, "1", "1:10-11"),
      ("a: i in 1..9", 4..<99, "1..9", "1:9-13"),
      ("a: i in 1..9", 1..<5, "in", "1:6-8"),
      ("a: größe 2", 6..<7, "2", "1:10-11"),
      ("a: \"\\u0069 2\"", 1..<3, "2", "1:4-14"),
      ("a: one\n  two", 4..<7, "two", "1:4-2:6"),
      ("a: '  '", 0..<2, "", nil),
    ] as [(String, Range<Int>, String, String?)])
  func `a part knows its place`(text: String, range: Range<Int>, part: String, place: String?)
    throws
  {
    let (node, _) = YAMLDocument.parse(SourceFile(path: "a.yaml", text: text))
    guard case .mapping(let mapping)? = node, case .scalar(let scalar)? = mapping["a"] else {
      Issue.record("no scalar")
      return
    }
    #expect(scalar.part(range).text == part)
    #expect(!scalar.part(range).isQuoted)
    if let place { #expect(scalar.part(range).span.words == place) }
  }
}
