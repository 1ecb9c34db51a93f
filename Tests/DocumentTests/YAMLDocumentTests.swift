import Diagnostics
import Document
import Testing

@Suite("YAML document") struct YAMLDocumentTests {
  @Test(
    arguments: [
      ("dcgan: 1", "{dcgan: 1}"),
      ("---\ndcgan: 1\n...\n", "{dcgan: 1}"),
      ("64", "64"),
      ("a: 1\nb: 2\n", "{a: 1, b: 2}"),
      ("a: {b: 1, c: [2, 3]}", "{a: {b: 1, c: [2, 3]}}"),
      ("a:\n- 1\n- 2\nb:\n  - 3\n", "{a: [1, 2], b: [3]}"),
      ("a:\nb:\n", "{a: , b: }"),
      ("a: ''\nb: \"\"", "{a: \"\", b: \"\"}"),
      ("a: 'it''s'\nb: \"t\\u00e9\\n\"", "{a: \"it's\", b: \"té\n\"}"),
      ("a: |\n  one\n  two\n", "{a: \"one\ntwo\n\"}"),
      ("a: >-\n  one\n  two\n", "{a: \"one two\"}"),
      ("a: one\n  two\n", "{a: one two}"),
      ("# first\na: 1 # why\n# last", "{a: 1}"),
      ("a: width * 2^(steps - 1)", "{a: width * 2^(steps - 1)}"),
      ("for: i in 1..steps - 1", "{for: i in 1..steps - 1}"),
      ("a: {b: 0.2, }", "{a: {b: 0.2}}"),
      ("[]", "[]"),
      ("{}", "{}"),
      ("- a: 1\n  b: 2\n- c\n", "[{a: 1, b: 2}, c]"),
      ("[a: 1, b: 2]", "[{a: 1}, {b: 2}]"),
      ("? a\n: 1\n", "{a: 1}"),
      ("'<<': 1", "{<<: 1}"),
      ("yes: no", "{yes: no}"),
      ("a: 1\r\nb: 2\r\n", "{a: 1, b: 2}"),
      ("gesichter: größe\n猫: 🙂\n", "{gesichter: größe, 猫: 🙂}"),
      ("a: [1,\n\t2]", nil),
      ("a: 'one\n \ttwo'", "{a: \"one two\"}"),
      ("a: 'one\n\ttwo'", nil),
      ("a:\t1", "{a: 1}"),
    ] as [(String, String?)])
  func `text becomes a tree`(text: String, outline: String?) {
    let (node, diagnostics) = YAMLDocument.parse(SourceFile(path: "a.yaml", text: text))
    if let outline {
      #expect(diagnostics == [])
      #expect(node?.outline == outline)
    } else {
      #expect(diagnostics.map(\.code) == [YAMLCode.tab.code])
    }
  }

  @Test(
    arguments: [
      ("dcgan: 1", ["{} 1:1-9", "`dcgan` 1:1-6", "`1` 1:8-9"]),
      (
        "a: [1, {b: 22}]",
        [
          "{} 1:1-16", "`a` 1:1-2", "[] 1:4-16", "`1` 1:5-6", "{} 1:8-15", "`b` 1:9-10",
          "`22` 1:12-14",
        ]
      ),
      (
        "a:\n  - 'x y'\n  - \"\\u00e9\"\n\n# end\n",
        ["{} 1:1-3:13", "`a` 1:1-2", "[] 2:3-3:13", "`x y` 2:5-10", "`é` 3:5-13"]
      ),
      (
        "a:\n- 1\nb: 2\n",
        ["{} 1:1-3:5", "`a` 1:1-2", "[] 2:1-4", "`1` 2:3-4", "`b` 3:1-2", "`2` 3:4-5"]
      ),
      (
        "a:\n  b: one\n    two\n",
        ["{} 1:1-3:8", "`a` 1:1-2", "{} 2:3-3:8", "`b` 2:3-4", "`one two` 2:6-3:8"]
      ),
      (
        "a: |\n  one\n    two\n\n# no\nb: 1",
        ["{} 1:1-6:5", "`a` 1:1-2", "`one…` 1:4-3:8", "`b` 6:1-2", "`1` 6:4-5"]
      ),
      (
        "a: |2 # why\n    one\n  two\nb: 1",
        ["{} 1:1-4:5", "`a` 1:1-2", "`  one…` 1:4-3:6", "`b` 4:1-2", "`1` 4:4-5"]
      ),
      ("a: >-\nb: 1", ["{} 1:1-2:5", "`a` 1:1-2", "`` 1:4-6", "`b` 2:1-2", "`1` 2:4-5"]),
      ("größe: 猫 猫\n", ["{} 1:1-11", "`größe` 1:1-6", "`猫 猫` 1:8-11"]),
      ("a: {\n  b: 1\n}\n", ["{} 1:1-3:2", "`a` 1:1-2", "{} 1:4-3:2", "`b` 2:3-4", "`1` 2:6-7"]),
      ("[a: 1 , b]", ["[] 1:1-11", "{} 1:2-6", "`a` 1:2-3", "`1` 1:5-6", "`b` 1:9-10"]),
      ("a:\r\n  b: 1\r\n", ["{} 1:1-2:7", "`a` 1:1-2", "{} 2:3-7", "`b` 2:3-4", "`1` 2:6-7"]),
      ("a:\nb: 1", ["{} 1:1-2:5", "`a` 1:1-2", "`` 1:3-3", "`b` 2:1-2", "`1` 2:4-5"]),
    ])
  func `every node knows its place`(text: String, places: [String]) {
    let (node, diagnostics) = YAMLDocument.parse(SourceFile(path: "a.yaml", text: text))
    #expect(diagnostics == [])
    #expect(node?.places == places)
  }

  @Test func `a map is asked by key`() throws {
    let (node, _) = YAMLDocument.parse(SourceFile(path: "a.yaml", text: "a: 1\nb: [2]\nc: {}\nd:"))
    guard case .mapping(let mapping)? = node else { throw Missing() }
    #expect(mapping["a"]?.outline == "1")
    #expect(mapping["e"] == nil)
    #expect(mapping.entries.map(\.value.kindName) == ["a value", "a list", "a map", "nothing"])
  }

  @Test func `all refusals are found at once, and the tree is kept where it says what was meant`() {
    let text = "a: &x 1\nb: !!int 2\na: 3\n"
    let (node, diagnostics) = YAMLDocument.parse(SourceFile(path: "a.yaml", text: text))
    #expect(diagnostics.map(\.code.rawValue) == ["Y120", "Y123", "Y125"])
    #expect(node?.outline == "{a: 1, b: 2}")
  }

  @Test(arguments: ["a: *x", "<<: {a: 1}", "[a]: 1", "a: 1\n---\nb: 2", "a: [1"])
  func `there is no tree where something is missing from it`(text: String) {
    let (node, diagnostics) = YAMLDocument.parse(SourceFile(path: "a.yaml", text: text))
    #expect(node == nil)
    #expect(diagnostics.count == 1)
  }

  @Test func `reading stops after a hundred problems`() {
    let text = String(repeating: "a: 1\n", count: 1000)
    let (node, diagnostics) = YAMLDocument.parse(SourceFile(path: "a.yaml", text: text))
    #expect(node == nil)
    #expect(diagnostics.count == 100)
  }

  private struct Missing: Error {}
}
