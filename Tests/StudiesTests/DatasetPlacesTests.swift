import Datasets
import Testing

@testable import Studies

@Suite struct DatasetPlacesTests {
  /// A few of many are not the first ones, and none is drawn twice; all are in their order.
  @Test func fewAreDrawnByChance() {
    let digits = Digits(.test, shape: Digits.usualShape, labels: 10)
    let few = digits.places(100, seed: 3)
    #expect(Set(few).count == 100)
    #expect(few != Array(0..<100) && few == digits.places(100, seed: 3))
    #expect(few != digits.places(100, seed: 4))
    #expect((few.max() ?? 0) > 1000)
    #expect(digits.places(digits.count, seed: 3) == Array(0..<digits.count))
    #expect(digits.places(1_000_000, seed: 3).count == digits.count)
  }
}
