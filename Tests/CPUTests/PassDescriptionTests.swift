import Program
import Testing

@testable import CPU

@Suite struct PassDescriptionTests {
  /// x [2, 8, 8, 3], kernel [5, 5, 3, 7], stride 2: y [2, 4, 4, 7]; 25 · 3 products for each element.
  @Test(arguments: [
    (Plan.Algorithm.direct, 2 * (2 * 4 * 4 * 7) * 25 * 3),
    // A tile of 4 × 4 outputs for each image, 121 products each (docs/winograd.md).
    (.winograd4, 2 * 2 * 121 * 3 * 7),
    // Four tiles of 2 × 2 for each image, 49 products each.
    (.winograd2, 2 * 8 * 49 * 3 * 7),
  ])
  func countsWhatIsMultiplied(_ algorithm: Plan.Algorithm, _ computed: Int) throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2, 8, 8, 3])
    let w = builder.input("w", [5, 5, 3, 7])
    let y = builder.convolve(x, w, ConvolutionGeometry(stride: 2, padding: 2))
    let program = builder.program(outputs: [("y", y)])
    let passes = try Plan(for: program, algorithm: algorithm).passDescriptions
    let pass = try #require(passes.first { $0.op == "convolve" })
    #expect(pass.algorithm == algorithm)
    #expect(pass.flops == 33600)
    #expect(pass.computedFlops == computed)
    #expect(pass.bytes == 4 * (2 * 8 * 8 * 3 + 5 * 5 * 3 * 7 + 2 * 4 * 4 * 7))
    #expect(program.instructions[pass.instruction].shape == [2, 4, 4, 7])
  }

  @Test func aProductHasNoAlgorithm() throws {
    var builder = ProgramBuilder()
    let a = builder.input("a", [3, 5])
    let b = builder.input("b", [5, 7])
    let c = builder.matmul(a, b)
    let program = builder.program(outputs: [("c", c)])
    let pass = try #require(Plan(for: program).passDescriptions.first)
    #expect(pass.algorithm == nil)
    #expect(pass.flops == 2 * 3 * 5 * 7)
    #expect(pass.computedFlops == pass.flops)
  }
}
