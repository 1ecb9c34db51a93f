import Testing

@testable import Datasets

@Suite struct CounterRandomTests {
  /// Known answers of Random123 1.14, `kat_vectors`, "philox4x32 10".
  @Test func philoxGivesTheKnownAnswers() {
    #expect(
      CounterRandom.block(counter: [0, 0, 0, 0], key: (0, 0))
        == [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8])
    let ones = UInt32.max
    #expect(
      CounterRandom.block(counter: [ones, ones, ones, ones], key: (ones, ones))
        == [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD])
    #expect(
      CounterRandom.block(
        counter: [0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344],
        key: (0xA409_3822, 0x299F_31D0))
        == [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1])
  }

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
