import CKernels
import Program
import Reference
import Testing

@testable import CPU

/// Which algorithm a plan takes.
@Suite struct ConvolutionAlgorithmTests {
  @Test func largeLayersTakeWinogradByThemselves() throws {
    for (size, channels) in [(8, 512), (16, 256), (32, 128)] {
      #expect(
        try algorithms(size, channels, 2 * channels, batch: 32, .automatic)
          == [.winograd, .winograd, .winograd])
    }
  }

  @Test func imagesAndSmallLayersAreConvolvedDirectly() throws {
    #expect(try algorithms(64, 3, 128, batch: 32, .automatic) == [.windows, .taps, .windows])
    #expect(
      try algorithms(64, 3, 64, batch: 128, kernel: 4, .automatic) == [.windows, .taps, .windows])
    #expect(try algorithms(28, 1, 64, batch: 128, .automatic) == [.windows, .taps, .windows])
    #expect(try algorithms(8, 512, 1024, batch: 1, .automatic) == [.patches, .dots, .patches])
    #expect(try algorithms(8, 16, 32, batch: 8, .automatic) == [.patches, .patches, .patches])
  }

  @Test func theAlgorithmCanBeForced() throws {
    #expect(try algorithms(32, 128, 256, batch: 32, .direct) == [.patches, .patches, .patches])
    for algorithm in [Plan.Algorithm.winograd2, .winograd4] {
      #expect(
        try algorithms(8, 3, 5, batch: 2, algorithm) == [.winograd, .winograd, .winograd])
      // From 4 × 4 to 2 × 2: 25 products either way.
      #expect(
        try algorithms(4, 32, 5, batch: 2, kernel: 3, algorithm)
          == [.patches, .patches, .patches])
      // No stride 2 with 7 × 7.
      #expect(
        try algorithms(8, 32, 5, batch: 2, kernel: 7, algorithm)
          == [.patches, .patches, .patches])
    }
  }

  /// Everything that `--algorithm` and `--isa` can choose, on odd sizes.
  @Test(arguments: Plan.Algorithm.allCases, Plan.ISA.allCases.filter(\.isAvailable))
  func everyChoiceAgreesWithTheReference(_ algorithm: Plan.Algorithm, _ isa: Plan.ISA) throws {
    for kernel in 3...6 {
      let program = self.program(11, 19, 37, batch: 3, kernel: kernel)
      let inputs = program.inputs.enumerated().map { index, input in
        (input.name, input.shape, generatedValues(input.shape.count, seed: UInt32(index + 1)))
      }
      func outputs(threads: Int) throws -> [[Float]] {
        let store = TensorStore()
        try store.allocate(for: program)
        for (name, _, numbers) in inputs { try store.write(numbers, to: name) }
        let executor = try Executor(
          plan: Plan(for: program, isa: isa, algorithm: algorithm), store: store,
          pool: WorkerPool(threads: threads))
        executor.run()
        return try program.outputs.map { try executor.output($0.name) }
      }
      let exact = try ReferenceInterpreter<Double>().run(
        program,
        inputs: Dictionary(
          uniqueKeysWithValues: inputs.map { name, shape, numbers in
            (name, Tensor(shape: shape, elements: numbers.map(Double.init)))
          }))
      let found = try outputs(threads: 1)
      for (output, numbers) in zip(program.outputs, found) {
        let error = relativeError(numbers, try #require(exact[output.name]).elements)
        // As in `WinogradCase.tolerance`.
        #expect(error <= 1e-5, "\(output.name), kernel \(kernel)")
      }
      for (a, b) in zip(found, try outputs(threads: 3)) { #expect(sameBits(a, b)) }
    }
  }

  /// A round's tiles replace those of the round before, which all threads must have done with.
  @Test(arguments: [2, 3, 8]) func roundsWaitForEachOther(threads: Int) throws {
    let layer = ConvolutionCase(n: 130, c: 35, f: 100, h: 8, w: 8, k: 4, stride: 2, padding: 1)
    let plan = try #require(try layer.winogradPlan(.convolve, 4, ck_best_isa()))
    #expect(plan.rounds > 1)
    let (x, w) = (
      generatedValues(layer.xCount, seed: 1), generatedValues(layer.wCount, seed: 2)
    )
    let expected = run(plan, x, w, outputCount: layer.yCount, order: .forward)

    let program = self.program(8, 35, 100, batch: 130, kernel: 4)
    let store = TensorStore()
    try store.allocate(for: program)
    try store.write(x, to: "x")
    try store.write(w, to: "w")
    let executor = try Executor(
      plan: Plan(for: program, algorithm: .winograd4), store: store,
      pool: WorkerPool(threads: threads))
    for _ in 0..<20 {
      executor.run()
      #expect(try sameBits(executor.output("y"), expected))
    }
  }

  /// y = x ∗ w with the gradients of Σ dy·y.
  private func program(
    _ size: Int, _ channels: Int, _ filters: Int, batch: Int, kernel: Int
  ) -> Program {
    var builder = ProgramBuilder()
    let geometry = ConvolutionGeometry(stride: 2, padding: (kernel - 1) / 2)
    let x = builder.input("x", [batch, size, size, channels])
    let w = builder.input("w", [kernel, kernel, channels, filters])
    let y = builder.convolve(x, w, geometry)
    let dy = builder.input("dy", builder.shape(of: y))
    let dx = builder.convolutionInputGradient(dy, w, geometry, height: size, width: size)
    let dw = builder.convolutionKernelGradient(
      x, dy, geometry, kernelHeight: kernel, kernelWidth: kernel)
    return builder.program(outputs: [("y", y), ("dx", dx), ("dw", dw)])
  }

  /// The algorithms of the three operations.
  private func algorithms(
    _ size: Int, _ channels: Int, _ filters: Int, batch: Int, kernel: Int = 5,
    _ algorithm: Plan.Algorithm
  ) throws -> [ck_algorithm] {
    let program = program(size, channels, filters, batch: batch, kernel: kernel)
    let plan = try Plan(for: program, algorithm: algorithm)
    var found: [ck_operation: ck_algorithm] = [:]
    for pass in plan.passes {
      if case .contraction(let contraction, _, _) = pass.work {
        found[contraction.operation] = contraction.algorithm
      }
    }
    return [ck_operation.convolve, .input_gradient, .kernel_gradient].compactMap { found[$0] }
  }
}
