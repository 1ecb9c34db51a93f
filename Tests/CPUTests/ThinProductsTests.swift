import Program
import Reference
import Testing

@testable import CPU

/// Matrix products with a size of 1 are passes over memory, and no passes of their own.
@Suite struct ThinProductsTests {
  /// rows, depth, columns.
  static let sizes = [
    [1, 7, 5], [4, 1, 6], [5, 300, 1], [1, 1, 3], [3, 1, 1], [1, 2000, 1], [1, 1, 1],
    [130, 6272, 1], [1, 130, 700],
  ]

  @Test(arguments: sizes, [(false, false), (false, true), (true, false), (true, true)])
  func agreeWithTheReference(_ sizes: [Int], _ transposed: (left: Bool, right: Bool)) throws {
    let (rows, depth, columns) = (sizes[0], sizes[1], sizes[2])
    var builder = ProgramBuilder()
    let left = builder.input("left", transposed.left ? [depth, rows] : [rows, depth])
    let right = builder.input("right", transposed.right ? [columns, depth] : [depth, columns])
    // Elementwise neighbours on both sides, which the pass takes in.
    let product = builder.matmul(
      builder.scale(left, by: 2), right, leftTransposed: transposed.left,
      rightTransposed: transposed.right)
    let y = builder.offset(product, by: 1)
    let program = builder.program(outputs: [("y", y)])
    let plan = try Plan(for: program)
    #expect(!plan.passDescriptions.contains { $0.op == "matmul" })

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
    let expected = try #require(results["y"]).elements
    let found = try executor.output("y")
    #expect(found.count == expected.count)
    // Up to 6,272 products below 0.2 are summed.
    for (a, b) in zip(found, expected) { #expect(abs(Double(a) - b) < 1e-3) }
  }
}
