import CPU
import Device
import Program
import Reference
import Testing

@testable import Reports

@Suite struct AccuracyTests {
  /// x [5, 8, 8, 6] convolved with [5, 5, 6, 10] twice, and a matrix product.
  private static let program: Program = {
    var builder = ProgramBuilder()
    let geometry = ConvolutionGeometry(stride: 2, padding: 2)
    let w = builder.input("w", [5, 5, 6, 10])
    let x = builder.input("x", [5, 8, 8, 6])
    let y = builder.input("y", [5, 8, 8, 6])
    let first = builder.convolve(x, w, geometry)
    let second = builder.convolve(y, w, geometry)
    let dw = builder.convolutionKernelGradient(
      x, first, geometry, kernelHeight: 5, kernelWidth: 5)
    let dx = builder.convolutionInputGradient(second, w, geometry, height: 8, width: 8)
    let a = builder.input("a", [3, 40])
    let b = builder.input("b", [40, 7])
    let product = builder.matmul(a, b)
    return builder.program(
      outputs: [("first", first), ("second", second), ("dw", dw), ("dx", dx), ("p", product)])
  }()

  private func rows(of program: Program, on device: any Device) throws -> [Accuracy.Row]? {
    try Accuracy.rows(of: [device.makeState().load(program)], on: device)
  }

  @Test(arguments: [Plan.Algorithm.direct, .winograd2, .winograd4])
  func listsEachOperationOnce(_ algorithm: Plan.Algorithm) throws {
    let device = CPUDevice(threads: 2, kernels: KernelChoice(algorithm: algorithm))
    let rows = try #require(try rows(of: Self.program, on: device))
    #expect(
      rows.map(\.op).sorted() == ["convolve", "input_gradient", "kernel_gradient", "matmul"])
    for row in rows {
      // Sums of at most 250 products in Float: far below 1e-6, but hardly exact.
      let direct = row.op == "matmul" ? row.error : row.errors["direct"] ?? 1
      #expect((1e-9...1e-6).contains(direct))
      if row.op == "matmul" {
        #expect(row.algorithm == nil && row.errors.isEmpty)
        continue
      }
      #expect(row.algorithm == algorithm.rawValue)
      #expect(row.error == row.errors[algorithm.rawValue])
      #expect((1e-9...1e-6).contains(row.errors["winograd2"] ?? 1), "\(row)")
      // docs/winograd.md: 1e-6 to 5e-6.
      #expect((3e-7...1e-5).contains(row.errors["winograd4"] ?? 1), "\(row)")
    }
  }

  /// 7 × 7 kernels are always convolved directly.
  @Test func leavesOutAlgorithmsThatAShapeDoesNotTake() throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2, 8, 8, 3])
    let w = builder.input("w", [7, 7, 3, 4])
    let y = builder.convolve(x, w, ConvolutionGeometry(stride: 2, padding: 3))
    let device = CPUDevice(threads: 1, kernels: KernelChoice(algorithm: .winograd4))
    let program = builder.program(outputs: [("y", y)])
    let rows = try #require(try rows(of: program, on: device))
    #expect(rows.map { Set($0.errors.keys) } == [["direct"]])
    #expect(rows.first?.algorithm == "direct")
  }

  /// The interpreter makes no passes of its own to compare.
  @Test func saysThatADeviceDoesNotTell() throws {
    #expect(try rows(of: Self.program, on: ReferenceDevice<Float>()) == nil)
  }

  @Test func isTheSizeOfTheDifference() {
    // ‖(3, 0)‖ / ‖(3, 4)‖
    #expect(Accuracy.relativeError([6, 4], [3, 4]) == 0.6)
    #expect(Accuracy.relativeError([0, 0], [0, 0]) == 0)
    #expect(Accuracy.relativeError([1], [0]) == .infinity)
  }
}
