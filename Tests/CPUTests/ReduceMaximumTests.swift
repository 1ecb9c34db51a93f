import Program
import Testing

@testable import CPU

@Suite struct ReduceMaximumTests {
  /// [outer, reduced, kept] of all sizes that the walk treats differently: small and large segments,
  /// one segment in many chunks, and rows that are cut into blocks.
  @Test(arguments: [
    [1, 100_000, 1], [3, 7, 1], [5, 3000, 1], [1, 5000, 3], [2, 4, 40], [1, 33, 4099],
    [70, 1, 5], [4, 900, 20], [16, 256, 1], [1, 1, 1],
  ])
  func equalsPlainLoops(_ sizes: [Int]) throws {
    let (outer, reduced, kept) = (sizes[0], sizes[1], sizes[2])
    var state: UInt64 = 9
    let numbers = (0..<outer * reduced * kept).map { _ -> Float in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return -Float(state >> 40)  // below 0, so that a maximum which begins at 0 is found out
    }
    var builder = ProgramBuilder()
    let x = builder.input("x", [outer, reduced, kept])
    let maximum = builder.reduceMaximum(x, axes: [1])
    let sum = builder.reduceSum(
      builder.subtract(x, builder.constant(1, [outer, reduced, kept])), axes: [1])
    let program = builder.program(outputs: [("maximum", maximum), ("sum", sum)])
    let store = TensorStore()
    try store.allocate(for: program)
    try store.write(numbers, to: "x")
    let executor = try Executor(program: program, store: store, pool: ExecutorTests.pool)
    executor.run()

    var expected = [Float](repeating: -.infinity, count: outer * kept)
    for o in 0..<outer {
      for r in 0..<reduced {
        for k in 0..<kept {
          expected[o * kept + k] = max(
            expected[o * kept + k], numbers[(o * reduced + r) * kept + k])
        }
      }
    }
    #expect(try executor.output("maximum") == expected)
  }
}
