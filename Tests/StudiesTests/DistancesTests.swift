import CPU
import Testing

@testable import Studies

@Suite struct DistancesTests {
  /// From (0, 0) and (3, 4) to (3, 0), (0, 4) and (3, 4).
  @Test func distancesOfAllPairs() throws {
    let distances = try Distances(
      from: [0, 0, 3, 4], queries: 2, batch: 3, on: CPUDevice(threads: 1))
    let found = try distances.measure([3, 0, 0, 4, 3, 4])
    #expect(found[.l1] == [3, 4, 7, 4, 3, 0])
    #expect(found[.l2] == [3, 4, 5, 4, 3, 0])
  }

  /// Of vectors that are long beside their distance a difference of squares would lose it.
  @Test func nearCopiesAreTold() throws {
    let distances = try Distances(
      from: [1000, 1000], queries: 1, batch: 1, on: CPUDevice(threads: 1))
    let found = try distances.measure([1000.0625, 1000])
    #expect(found[.l2] == [0.0625])
  }
}
