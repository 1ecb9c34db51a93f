import Decoding
import Testing

@Suite("Number range") struct NumberRangeTests {
  @Test(
    arguments: [
      (NumberRange(0...1), "from 0 to 1", [0, 0.5, 1], [-0.1, 1.1]),
      (NumberRange(0..<1), "at least 0 and below 1", [0, 0.5], [-0.1, 1]),
      (NumberRange(0.5...0.5), "0.5", [0.5], [0.4, 0.6]),
      (NumberRange(0...(.infinity)), "at least 0", [0, 1e300], [-1]),
      (NumberRange(-.infinity...2), "at most 2", [-1e300, 2], [2.1]),
      (NumberRange(-.infinity..<2), "below 2", [-1e300, 1.9], [2]),
      (.above(0), "above 0", [1e-300, 1e300], [0, -1]),
      (.any, "any number", [0, -1e300, 1e300], [.nan, .infinity]),
    ] as [(NumberRange, String, [Double], [Double])])
  func `a range says what it contains`(
    range: NumberRange, words: String, inside: [Double], outside: [Double]
  ) {
    #expect(range.words == words)
    #expect(inside.allSatisfy(range.contains))
    #expect(!outside.contains(where: range.contains))
  }

  @Test(
    arguments: [
      NumberRange(2...4), NumberRange(-4...(-2)), NumberRange(-.infinity...(-2)),
      NumberRange(-.infinity..<0), .above(3), .any,
    ])
  func `reading goes on with a number that is allowed`(range: NumberRange) {
    var reader = OptionReader(nil, subject: "conv", span: value("conv: {}").key.span)
    let number = reader.number("slope", in: range)
    #expect(range.contains(number) && number.isFinite)
  }

  @Test func `whole ranges say what they contain`() {
    #expect((Int.min...Int.max).words == "any whole number")
    #expect((1...Int.max).words == "at least 1")
    #expect((Int.min...0).words == "at most 0")
    #expect((1...4).words == "from 1 to 4")
    #expect((3...3).words == "3")
    #expect([0, 2, 9].map { (1...4).clamp($0) } == [1, 2, 4])
  }

  @Test func `counts are listed in order`() {
    #expect(Set([3]).list == "3")
    #expect(Set([2, 1]).list == "1 or 2")
    #expect(Set([4, 1, 2]).list == "1, 2 or 4")
    #expect(Set<Int>().list == "0")
  }
}
