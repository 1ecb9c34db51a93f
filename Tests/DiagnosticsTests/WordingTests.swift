import Diagnostics
import Testing

@Suite("Wording") struct WordingTests {
  @Test func `names are listed`() {
    #expect([String]().choiceList == "")
    #expect(["same"].choiceList == "`same`")
    #expect(["same", "valid"].choiceList == "`same` or `valid`")
    #expect(["same", "valid", "full"].choiceList == "`same`, `valid` or `full`")
    #expect(["same", "valid", "full"].nameList == "`same`, `valid` and `full`")
  }

  @Test(
    arguments: [
      ("same", "`same`"),
      ("", "``"),
      ("one\ntwo", "`one…`"),
      (String(repeating: "x", count: 40), "`\(String(repeating: "x", count: 40))`"),
      (String(repeating: "x", count: 41), "`\(String(repeating: "x", count: 40))…`"),
    ])
  func `an excerpt is one short line`(text: String, excerpt: String) {
    #expect(text.quotedExcerpt == excerpt)
  }
}
