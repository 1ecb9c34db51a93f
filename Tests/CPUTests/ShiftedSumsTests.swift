import Program
import Testing

@testable import CPU

/// Variances of one pass, where cancellation could spoil them.
@Suite struct ShiftedSumsTests {
  /// Two channels over 6,000 rows, both with the same numbers; their variance as the runtime finds
  /// it.
  private func variance(_ numbers: [Float]) throws -> [Float] {
    var builder = ProgramBuilder()
    let shape: Shape = [numbers.count, 2]
    let x = builder.input("x", shape)
    let count = Double(numbers.count)
    let mean = builder.divide(builder.reduceSum(x, axes: [0]), by: count)
    let deviations = builder.subtract(x, builder.broadcastAlongLast(mean, to: shape))
    let squares = builder.reduceSum(builder.square(deviations), axes: [0])
    let variance = builder.divide(squares, by: count)
    let store = TensorStore()
    let program = builder.program(outputs: [("variance", variance)])
    try store.allocate(for: program)
    try store.write(numbers.flatMap { [$0, $0] }, to: "x")
    let executor = try Executor(program: program, store: store, pool: ExecutorTests.pool)
    executor.run()
    // One pass over x: nothing but its first row is read before.
    #expect(executor.plan.passDescriptions.map(\.op) == ["map", "reduce", "map"])
    return try executor.output("variance")
  }

  /// Evenly spread over `mean` ± `width`, in some order.
  private func numbers(mean: Float, width: Float) -> [Float] {
    (0..<6000).map { mean + width * (Float($0 * 2477 % 6000) / 2999.5 - 1) }
  }

  private func exact(_ numbers: [Float]) -> Double {
    let mean = numbers.reduce(0) { $0 + Double($1) } / Double(numbers.count)
    return numbers.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      / Double(numbers.count)
  }

  private func expectClose(_ found: [Float], _ numbers: [Float], _ tolerance: Double) {
    let expected = exact(numbers)
    for variance in found {
      #expect(abs(Double(variance) - expected) <= tolerance * expected, "not \(expected)")
    }
  }

  @Test(arguments: [0, 1, -30, 1000] as [Float]) func staysPreciseFarFromZero(mean: Float) throws {
    let numbers = numbers(mean: mean, width: 1)
    try expectClose(variance(numbers), numbers, 1e-5)
  }

  /// The shift itself is 30 standard deviations away.
  @Test func staysPreciseWhereTheFirstNumberIsAnOutlier() throws {
    var numbers = numbers(mean: 0.5, width: 1)
    numbers[0] = 18
    try expectClose(variance(numbers), numbers, 1e-3)
  }

  @Test(arguments: [0, 1e-20, 3.7, -1e6, 1e30] as [Float])
  func isZeroForEqualNumbers(number: Float) throws {
    #expect(try variance([Float](repeating: number, count: 6000)) == [0, 0])
  }

  @Test(arguments: [0, 100]) func doesNotHideWhatIsNotANumber(place: Int) throws {
    var numbers = numbers(mean: 0, width: 1)
    numbers[place] = .nan
    #expect(try variance(numbers).allSatisfy(\.isNaN))
  }
}
