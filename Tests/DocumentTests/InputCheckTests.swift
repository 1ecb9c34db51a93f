import Diagnostics
import Document
import Testing

@Suite("Input check") struct InputCheckTests {
  @Test(
    arguments: [
      ([0xFF, 0xFE, 0x61, 0], "UTF-16"),
      ([0xFE, 0xFF, 0, 0x61], "UTF-16"),
      ([0x61, 0, 0x3A, 0], "UTF-16"),
      ([0, 0x61, 0, 0x3A], "UTF-16"),
      ([0xFF, 0xFE, 0, 0], "UTF-32"),
      ([0, 0, 0xFE, 0xFF], "UTF-32"),
      ([0x61, 0, 0, 0], "UTF-32"),
      ([0, 0, 0, 0x61], "UTF-32"),
      ([0xEF, 0xBB, 0xBF, 0x61], "UTF-8 with a byte order mark"),
    ] as [([UInt8], String)])
  func `other encodings are named`(bytes: [UInt8], name: String) {
    let (node, diagnostics) = YAMLDocument.parse(SourceFile(path: "a.yaml", bytes: bytes))
    #expect(node == nil)
    #expect(diagnostics.map(\.message) == ["expected UTF-8, found \(name)"])
    let help =
      name.hasPrefix("UTF-8")
      ? "remove the byte order mark" : "save the file as UTF-8 without a byte order mark"
    #expect(diagnostics.map(\.help) == [[help]])
    #expect(diagnostics.map(\.code) == [YAMLCode.encoding.code])
  }

  /// Markus Kuhn's UTF-8 stress test: continuation bytes alone, cut sequences, overlong forms,
  /// surrogates, beyond Unicode, bytes that never occur.
  @Test(
    arguments: [
      [0x80], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xF0, 0x9F, 0x99],
      [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xF0, 0x80, 0x80, 0xAF],
      [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
      [0xFE], [0xFF],
    ] as [[UInt8]])
  func `what is not UTF-8 is refused at its place`(bytes: [UInt8]) {
    let text = Array("dcgan: 1\nname: é".utf8) + bytes
    let (node, diagnostics) = YAMLDocument.parse(SourceFile(path: "a.yaml", bytes: text))
    let byte = String(bytes[0], radix: 16, uppercase: true)
    #expect(node == nil)
    #expect(diagnostics.map(\.message) == ["expected UTF-8, found the byte 0x\(byte)"])
    #expect(diagnostics.first?.primary.span.start == SourcePosition(line: 2, column: 8))
  }

  @Test func `an invalid byte is shown in its line`() {
    #expect(
      rendered(bytes: Array("name: a".utf8) + [0xE9] + Array("b\n".utf8)) == """
        a.yaml:1:8: error[Y111]: expected UTF-8, found the byte 0xE9
            1 | name: a\u{FFFD}b
              |        ^
           help: save the file as UTF-8
        """)
  }

  @Test(
    arguments: [
      ("\0", "0000"), ("\u{1}", "0001"), ("\u{B}", "000B"), ("\u{1B}", "001B"), ("\r", "000D"),
      ("\u{7F}", "007F"), ("\u{85}", "0085"), ("\u{9F}", "009F"), ("\u{2028}", "2028"),
      ("\u{2029}", "2029"), ("\u{FEFF}", "FEFF"), ("\u{FFFE}", "FFFE"), ("\u{FFFF}", "FFFF"),
    ])
  func `control characters are refused at their place`(character: String, number: String) {
    let file = SourceFile(path: "a.yaml", text: "a: 1\nb: 'x\(character)y'\n")
    let (node, diagnostics) = YAMLDocument.parse(file)
    #expect(node == nil)
    #expect(
      diagnostics.map(\.message) == ["the control character U+\(number) is not allowed"])
    #expect(diagnostics.first?.primary.span.words == "2:6-7")
  }

  @Test func `a carriage return alone gets its own help`() {
    #expect(
      rendered("a: 1\rb: 2") == """
        a.yaml:1:5: error[Y113]: the control character U+000D is not allowed
            1 | a: 1␍b: 2
              |     ^
           help: end lines with a line feed
        """)
  }

  @Test(arguments: ["\t", "\r\n", "\u{A0}", "é", "\u{D7FF}", "\u{E000}", "\u{FFFD}", "\u{1F642}"])
  func `all else is allowed in quotes`(character: String) {
    let file = SourceFile(path: "a.yaml", text: "a: 'x\(character)y'\n")
    #expect(YAMLDocument.parse(file).diagnostics == [])
  }
}
