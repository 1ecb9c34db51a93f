import Testing

@testable import Datasets

@Suite struct CounterRandomTests {
  /// Mean 0 and variance 1, each within five standard errors for 10,000 numbers.
  @Test func bellNumbersHaveTheirMoments() {
    var random = CounterRandom(seed: 1, purpose: .digits, index: 0)
    let numbers = (0..<10_000).map { _ in Double(random.bell()) }
    let mean = numbers.reduce(0, +) / 10_000
    let variance = numbers.reduce(0) { $0 + $1 * $1 } / 10_000
    #expect(abs(mean) < 0.05)
    #expect(abs(variance - 1) < 0.07)
    #expect(numbers.allSatisfy { abs($0) <= 3.4642 })  // 2·√3
  }

  @Test func boundedNumbersStayBelowAndReachAll() {
    var random = CounterRandom(seed: 1, purpose: .order, index: 0)
    #expect(Set((0..<200).map { _ in random.number(below: 7) }) == Set(0..<7))
  }
}
