import CKernels
import Program
import Reference
import Testing

@testable import CPU

@Suite struct FusedWalkTests {
  /// Of a row of 7·7·128 features a block has 4 pixels: channels repeat in each block, features not.
  @Test func channelsAreTheSameInEachPartOfARow() {
    let walk = ce_walk(count: 4 * 6272, segment: 4 * 6272, kept: 1, periods: [6272, 128])
    #expect(walk.block == 512)
    #expect(walk.period == 6272)
    #expect([128, 64, 6272, 256, 100].map(walk.isFixed) == [true, true, false, false, false])
  }

  /// A row of 1,100 has blocks of 400, 400 and 300: channels must divide both the block and the row.
  @Test func channelsThatBlocksOrRowsCutAreNotTheSame() {
    let walk = ce_walk(count: 8 * 1100, segment: 8 * 1100, kept: 1, periods: [1100, 20])
    #expect(walk.block == 400)
    #expect([20, 16, 275, 32].map(walk.isFixed) == [true, false, false, false])
  }

  /// y = x · feature + channel over [rows, pixels · channels], with and without a sum of each row
  /// or each feature.
  @Test(arguments: [[5, 49, 128], [3, 55, 20], [4, 275, 4], [2, 3, 512], [3, 100, 24]])
  func agreesWithTheReference(_ sizes: [Int]) throws {
    let (rows, pixels, channels) = (sizes[0], sizes[1], sizes[2])
    let shape: Shape = [rows, pixels * channels]
    var builder = ProgramBuilder()
    let x = builder.input("x", [rows, pixels, channels])
    let feature = builder.input("feature", [pixels * channels])
    let channel = builder.input("channel", [channels])
    let maps = builder.add(x, builder.broadcastAlongLast(channel, to: [rows, pixels, channels]))
    let y = builder.multiply(
      builder.reshape(maps, shape), builder.broadcastAlongLast(feature, to: shape))
    let rowSums = builder.reduceSum(y, axes: [1])
    let featureSums = builder.reduceSum(y, axes: [0])
    let program = builder.program(
      outputs: [("y", y), ("rows", rowSums), ("features", featureSums)])
    var tensors: [String: Tensor<Double>] = [:]
    for input in program.inputs {
      let numbers = (0..<input.shape.count).map { Double(($0 * 7 + 3) % 23) / 32 - 0.375 }
      tensors[input.name] = Tensor(shape: input.shape, elements: numbers)
    }
    let store = TensorStore()
    try store.allocate(for: program)
    for (name, tensor) in tensors { try store.write(tensor.elements.map { Float($0) }, to: name) }
    let executor = try Executor(program: program, store: store, pool: ExecutorTests.pool)
    executor.run()
    let results = try ReferenceInterpreter<Double>().run(program, inputs: tensors)
    for name in ["y", "rows", "features"] {
      let expected = try #require(results[name]).elements
      let found = try executor.output(name)
      #expect(found.count == expected.count)
      // Up to 6,272 products below 0.3 are summed.
      for (a, b) in zip(found, expected) { #expect(abs(Double(a) - b) < 1e-3) }
    }
  }
}
