import CKernels
import Foundation
import Program
import Testing

@testable import CPU

@Suite struct ElementaryFunctionTests {
  /// In units in the last place of the Float next to the exact result; without fused
  /// multiply-additions the polynomials round more often.
  private func tolerance(_ op: Op.Unary) -> Double {
    switch op {
    case .negate, .squareRoot: 0.5
    case .reciprocalSquareRoot, .log, .logPlusOne: 1.5
    case .exp: 2
    case .tanh, .logistic: 3
    }
  }

  private func exact(_ op: Op.Unary, _ x: Double) -> Double {
    switch op {
    case .negate: -x
    case .exp: Foundation.exp(x)
    case .log: Foundation.log(x)
    case .logPlusOne: log1p(x)
    case .tanh: Foundation.tanh(x)
    case .logistic: 1 / (1 + Foundation.exp(-x))
    case .squareRoot: x.squareRoot()
    case .reciprocalSquareRoot: 1 / x.squareRoot()
    }
  }

  private static let arguments: [Float] = {
    var numbers: [Float] = [
      0, -0.0, .infinity, -.infinity, .nan, 1, -1, 100, -100, 88.7, 88.72283, 88.73, -87.3, -103,
      -104, 9, -9, 0.625, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
      -.leastNonzeroMagnitude, -.greatestFiniteMagnitude, 0x1p-140, 0x1.8p-130,
      -0x1p-140, -0.99999994,
    ]
    // All exponents and both signs; and evenly where the functions change.
    for exponent in 1...254 {
      for pass in 0..<8 {
        let bits = UInt32(exponent) << 23 | UInt32(pass) * 0xF_5A7B
        numbers.append(Float(bitPattern: bits))
        numbers.append(-Float(bitPattern: bits))
      }
    }
    for pass in -12000...12000 { numbers.append(Float(pass) / 100 + 0.003) }
    for pass in -4000...4000 { numbers.append(Float(pass) / 2000 + 0.0001) }
    return numbers
  }()

  @Test(arguments: Op.Unary.allCases, Plan.ISA.allCases.filter(\.isAvailable))
  func isWithinSomeUnitsInTheLastPlace(op: Op.Unary, isa: Plan.ISA) throws {
    let arguments = Self.arguments
    var builder = ProgramBuilder()
    let x = builder.input("x", [arguments.count])
    let y = builder.unary(op, x)
    let program = builder.program(outputs: [("y", y)])
    let store = TensorStore()
    try store.allocate(for: program)
    try store.write(arguments, to: "x")
    let pool = try WorkerPool(threads: 1)
    let executor = try Executor(program: program, store: store, pool: pool, isa: isa)
    executor.run()
    let found = try executor.output("y")
    var worst: (x: Float, error: Double) = (0, 0)
    for (x, y) in zip(arguments, found) {
      let exact = exact(op, Double(x))
      let rounded = Float(exact)
      if rounded.isNaN && y.isNaN || rounded == y { continue }
      let unit = Double(max(abs(rounded), .leastNormalMagnitude).ulp)
      let error = abs(Double(y) - exact) / unit
      if !(error <= worst.error) { worst = (x, error) }
    }
    #expect(worst.error <= tolerance(op), "\(op)(\(worst.x))")
  }
}
