import Files
import Foundation
import Testing

@Suite struct JSONTextTests {
  private static let value = JSONText.object([
    ("b", .array([.integer(1), .real(0.1), .real(Float(0.1)), .real(Double.nan), .null])),
    ("a", .object([("quoted", .string("\"\\\n\t\u{1}é😀")), ("yes", .boolean(true))])),
    ("none", .array([])),
  ])

  @Test func compactHasNoSpaces() {
    #expect(
      Self.value.compact
        == #"{"b":[1,0.1,0.1,null,null],"a":{"quoted":"\"\\\n\t\u0001é😀","yes":true},"none":[]}"#)
  }

  @Test func whatFitsStandsOnOneLine() {
    let long = JSONText.object([
      ("short", .array([.integer(1), .integer(2)])),
      ("long", .array([.string(String(repeating: "x", count: 60)), .object([("k", .null)])])),
    ])
    #expect(
      long.text == """
        {
          "short": [1, 2],
          "long": ["\(String(repeating: "x", count: 60))", {"k": null}]
        }
        """)
  }

  /// Foundation reads back what was written.
  @Test func otherParsersReadIt() throws {
    for text in [Self.value.compact, Self.value.text] {
      let read = try #require(
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
      #expect((read["a"] as? [String: Any])?["quoted"] as? String == "\"\\\n\t\u{1}é😀")
      #expect((read["b"] as? [Any])?.count == 5)
    }
  }
}
