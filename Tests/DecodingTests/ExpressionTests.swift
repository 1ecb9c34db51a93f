import Decoding
import Diagnostics
import Document
import Testing

private func evaluate(_ line: String) -> Result<Number, ExpressionProblem> {
  guard case .scalar(let scalar) = value(line).value else {
    preconditionFailure("\(line) has no scalar")
  }
  return Expression.evaluate(scalar, in: scope)
}

@Suite("Expression") struct ExpressionTests {
  @Test(
    arguments: [
      ("64", 64), ("0", 0), ("-1", -1), ("+1", 1), ("  7  ", 7),
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("64 / 4 / 2", 8),
      ("2^3^2", 512), ("-2^2", -4), ("(-2)^2", 4), ("(-2)^3", -8), ("2^-0", 1), ("0^0", 1),
      ("2 * -3", -6), ("2--3", 5), ("- - 3", 3), ("+-3", -3), ("7 / 7", 1), ("-6 / 3", -2),
      ("size", 64), ("width * 2^(log2(size / 4) - 1)", 1024), ("width*2", 256), ("size/2-1", 31),
      ("log2(1)", 0), ("log2(1024)", 10), ("log2(2^62)", 62), ("log2(0.5)", -1),
      ("log2(rate)", -1),
      ("min(3)", 3), ("min(5, 2, 9)", 2), ("max(5, 2, 9)", 9), ("max(min(1, 2), 0)", 1),
      ("min(2, 2.5)", 2), ("max(2.5, 3)", 3),
      ("max(9007199254740993, 9007199254740992)", 9007199254740993),
      ("9223372036854775807", Int.max), ("-9223372036854775807 - 1", Int.min),
      ("2^62 * 2 - 1 + 0", nil), ("(-1)^9223372036854775807", -1), ("1^9223372036854775806", 1),
      ("3^39", 4_052_555_153_018_976_267), ("((((((((((1))))))))))", 1),
    ] as [(String, Int?)])
  func `whole numbers stay exact`(text: String, expected: Int?) {
    let result = evaluate("a: '\(text)'")
    if let expected {
      #expect(result == .success(.integer(expected)))
    } else {
      #expect(throws: ExpressionProblem.self) { try result.get() }
    }
  }

  @Test(
    arguments: [
      ("0.5", 0.5), (".5", 0.5), ("3.", 3), ("2e-4", 0.0002), ("2E-4", 0.0002), ("1.5e+2", 150),
      ("1e3", 1000), ("3.e1", 30), (".5e1", 5), ("0.0002", 0.0002), ("-.5", -0.5), ("0e0", 0),
      ("1 / 3", 1.0 / 3), ("64 / 3 * 3", 64), ("2^-1", 0.5), ("4^0.5", 2), ("0^0.5", 0),
      ("0.1 + 0.2", 0.1 + 0.2), ("1 - 0.5", 0.5), ("2 * rate", 1), ("1 / rate", 2),
      ("-rate", -0.5), ("log2(3)", 1.584962500721156), ("log2(0.3)", -1.7369655941662063),
      ("log2(9007199254740993)", 53), ("min(2, 1.5)", 1.5), ("max(rate, 0.25)", 0.5),
      ("rate^2", 0.25), ("5e-324", .leastNonzeroMagnitude), ("1e-999", 0),
    ] as [(String, Double)])
  func `all else is a fraction`(text: String, expected: Double) {
    #expect(evaluate("a: '\(text)'") == .success(.fraction(expected)))
  }

  @Test(arguments: [
    "a: size / 4", "a: 'size / 4'", "a: \"size / 4\"", "a: size\n  / 4", "a: >\n  size\n  / 4",
  ])
  func `quotes and line breaks do not count`(text: String) {
    #expect(evaluate(text) == .success(.integer(16)))
  }

  @Test func `the depth is limited, the length of a chain only by the text`() {
    let deep = String(repeating: "(", count: 63) + "1" + String(repeating: ")", count: 63)
    #expect(evaluate("a: \(deep)") == .success(.integer(1)))
    let chain = String(repeating: "1+", count: 499) + "1"
    #expect(evaluate("a: \(chain)") == .success(.integer(500)))
    for text in ["(\(deep))", "-\(deep)", "2^\(deep)", "min(\(deep))"] {
      guard case .failure(let problem) = evaluate("a: \(text)") else {
        Issue.record("\(text) is not refused")
        continue
      }
      #expect(problem.diagnostic.code == ExpressionCode.tooDeep.code)
    }
  }

  @Test func `names and functions are known apart`() {
    #expect(Expression.functionNames == ["log2", "min", "max"])
    for name in ["a", "A9", "_x", "base_filters"] { #expect(Expression.isName(name)) }
    for name in ["", "9a", "a-b", "a b", "größe", "."] { #expect(!Expression.isName(name)) }
  }

  @Test func `contributions name each definition once`() throws {
    guard case .scalar(let scalar) = value("a: width * size + width * depth").value else { return }
    let labels = Expression.contributions(to: scalar, in: scope)
    #expect(labels.map(\.text) == ["`width` is 128", "`size` is 64"])
    #expect(labels.map(\.span.start.line) == [2, 1])
    #expect(
      Expression.contributions(
        to: Node.Scalar(text: "%", isQuoted: false, span: scalar.span), in: scope) == [])
  }

  @Test func `random texts never crash`() {
    let pieces = [
      "1", "0", "2.5", "size", "rate", "x", "+", "-", "*", "/", "^", "(", ")", ",", "log2", "min",
      "max(", " ",
      "9223372036854775807", "1e308", ".", "é", "0x1", "1:2",
    ]
    var state: UInt64 = 1
    func random(_ count: Int) -> Int {
      // A linear congruential generator; source: Knuth, MMIX.
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    for _ in 0..<20_000 {
      let text = (0..<random(12)).map { _ in pieces[random(pieces.count)] }.joined()
      let scalar = Node.Scalar(text: text, isQuoted: true, span: value("a: 1").key.span)
      if case .success(let number) = Expression.evaluate(scalar, in: scope) {
        #expect(number.double.isFinite)
      }
    }
  }
}
