import Diagnostics
import Document
import TestSupport
import Testing

@Suite("Hostile input") struct HostileInputTests {
  private static let mebibyte = 1 << 20

  /// Each makes some part of a YAML reader work hard.
  ///
  /// An eighth of a mebibyte takes a build without optimisation less than a tenth of a second;
  /// quadratic work would take minutes.
  @Test(
    arguments: [
      "[", "{", "- ", "? ", "a: ", "[a: ", "{a: ", "[]", "{}, ", "[[], ", "a", "'", "\"", "\\",
      "|\n ", "&a ",
      "*a ", "!a ", "<<: ", "\n", " ", "\t", "#", "a\n", "a: 1\n", "- a\n", "%a\n", "---\n", "é",
      "a ",
      "\"a\n", "? a\n", ": a\n", "- - - - -\n", ", ", "]", "}",
    ])
  func `any repetition is read or refused quickly`(piece: String) {
    let count = Self.mebibyte / 8 / piece.utf8.count
    for prefix in ["", "[", "a: ", "a: |\n  "] {
      let text = prefix + String(repeating: piece, count: count - prefix.utf8.count)
      let file = SourceFile(path: "a.yaml", text: text)
      let duration = ContinuousClock().measure {
        let (node, diagnostics) = YAMLDocument.parse(file)
        #expect(node != nil || !diagnostics.isEmpty)
      }
      #expect(duration < .seconds(5), "\(piece.debugDescription) after \(prefix.debugDescription)")
    }
  }

  @Test func `maps and lists may stand 64 deep`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(rendered(nested(64)) == "")
    #expect(
      rendered(nested(65)).hasPrefix(
        "a.yaml:1:65: error[Y132]: maps and lists can be nested 64 deep\n"))
  }

  @Test func `a file may have a mebibyte`() {
    let line = "# " + String(repeating: "x", count: Self.mebibyte - 7) + "\na: 1"
    #expect(line.utf8.count == Self.mebibyte)
    #expect(rendered(line) == "")
    #expect(
      rendered(line + "0").hasPrefix(
        "a.yaml:1:1: error[Y131]: a spec may have 1,048,576 bytes, this file has 1,048,577\n"))
  }

  @Test func `a text may have 4096 bytes`() {
    let text = "name: " + String(repeating: "x", count: 4096)
    #expect(rendered(text) == "")
    #expect(
      rendered(text + "x").hasPrefix(
        "a.yaml:1:7: error[Y134]: a text may have 4096 bytes, this one has more\n"))
  }

  @Test func `changed specs never crash`() {
    var random = TestGenerator(seed: 1)
    let alphabet = Array("[]{}:,-?&*!|>'\"%@`#<. \n\t\\aé0".utf8) + [0, 0xFF, 0xC3]
    for _ in 0..<3000 {
      var bytes = Array(spec.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(alphabet.randomElement(using: &random)!, at: place)
        case 2: bytes[place] = alphabet.randomElement(using: &random)!
        default:
          let end = min(bytes.count, place + Int.random(in: 1..<40, using: &random))
          bytes.insert(
            contentsOf: Array(bytes[place..<end]), at: Int.random(in: 0..<place + 1, using: &random)
          )
        }
      }
      check(bytes)
    }
  }

  @Test func `random bytes never crash`() {
    var random = TestGenerator(seed: 2)
    let signs = Array("[]{}:,-?&*!|>'\"%@`#<. \n\n\n  ab".utf8)
    for round in 0..<3000 {
      let count = Int.random(in: 0..<80, using: &random)
      check(
        (0..<count).map { _ in
          round % 3 == 0
            ? UInt8.random(in: 0...255, using: &random) : signs.randomElement(using: &random)!
        })
    }
  }

  /// A tree or diagnostics, and every position lies within the file.
  private func check(_ bytes: [UInt8]) {
    let file = SourceFile(path: "a.yaml", bytes: bytes)
    let (node, diagnostics) = YAMLDocument.parse(file)
    #expect(node != nil || !diagnostics.isEmpty)
    for span in spans(of: node) + diagnostics.map(\.primary.span) {
      let isInside =
        span.start.line >= 1 && span.start.column >= 1 && span.start <= span.end
        && span.end.line <= file.lineCount
        && span.end.column <= file.line(span.end.line).unicodeScalars.count + 1
      #expect(isInside, "\(span.words) in \(String(decoding: bytes, as: UTF8.self))")
    }
    for diagnostic in diagnostics { #expect(!TextRenderer().render(diagnostic).isEmpty) }
  }

  private func spans(of node: Node?) -> [SourceSpan] {
    switch node {
    case nil: []
    case .scalar(let scalar): [scalar.span]
    case .sequence(let sequence): [sequence.span] + sequence.items.flatMap { spans(of: $0) }
    case .mapping(let mapping):
      [mapping.span] + mapping.entries.flatMap { [$0.key.span] + spans(of: $0.value) }
    }
  }

  private let spec = """
    dcgan: 1
    name: "small faces"  # größer: later
    let: {size: 64, base: 4, steps: log2(size / base)}
    image: {size: [64, 64], channels: 3, range: [-1, 1]}
    generator:
      defaults: {kernel: 5, stride: 2}
      layers:
        - project: {to: [1024, 4, 4]}
        - repeat:
            for: i in 1..steps - 1
            layers:
            - conv_transpose: {filters: width * 2^i}
        - conv_transpose:
            filters: 3
            activation: 'tanh'
    notes: |
      two
        lines
    more: >-
      folded
      text

    """
}
