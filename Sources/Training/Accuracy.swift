import Foundation
import Program
import Reference
import CPU

/// How exactly a plan's convolutions and matrix products are computed.
///
/// Each is computed by itself, in `Float` by each algorithm and in `Double` by the reference
/// interpreter, on random numbers from N(0, 1); a convolution on the first images of the batch.
package enum Accuracy {
  /// One operation of a layer; the same operation on another batch is not listed again.
  package struct Row: Hashable, Sendable {
    package let path: String
    package let phase: Origin.Phase
    /// `convolve`, `input_gradient`, `kernel_gradient` or `matmul`.
    package let op: String
    /// How the plan computes a convolution; nil for a matrix product.
    package let algorithm: Plan.Algorithm?
    /// Relative error ‖found − exact‖₂ / ‖exact‖₂ of the plan's algorithm.
    package let error: Double
    /// The same of the algorithms that can be forced; only those that take this shape.
    package let errors: [Plan.Algorithm: Double]
  }

  /// Images of the batch that are computed: the reference interpreter is slow.
  package static let images = 2

  /// The contractions of the plans, in order.
  package static func rows(
    of plans: [Plan], pool: WorkerPool
  ) throws(TrainingProblem) -> [Row] {
    var rows: [Row] = []
    var seen: Set<Row.Identity> = []
    for plan in plans {
      for step in plan.stepDescriptions {
        let instruction = plan.program.instructions[step.instruction]
        guard let op = name(of: instruction.op) else { continue }
        let single = Single(instruction, in: plan.program)
        let identity = Row.Identity(
          op: instruction.op, origin: step.origin, shapes: single.shapes)
        guard seen.insert(identity).inserted else { continue }
        rows.append(try row(of: step, op, single, plan.isa, pool))
      }
    }
    return rows
  }

  private static func row(
    of step: StepDescription, _ op: String, _ single: Single, _ isa: Plan.ISA, _ pool: WorkerPool
  ) throws(TrainingProblem) -> Row {
    let exact = single.exact()
    var errors: [Plan.Algorithm: Double] = [:]
    for algorithm in [Plan.Algorithm.direct, .winograd2, .winograd4] {
      let kernels = KernelChoice(algorithm: algorithm, isa: isa)
      guard let found = try single.result(kernels, pool) else { continue }
      errors[algorithm] = relativeError(found, exact)
    }
    return Row(
      path: step.origin.path, phase: step.origin.phase, op: op, algorithm: step.algorithm,
      error: errors[step.algorithm ?? .direct] ?? .nan,
      errors: step.algorithm == nil ? [:] : errors)
  }

  private static func name(of op: Op) -> String? {
    switch op {
    case .matmul: "matmul"
    case .convolve: "convolve"
    case .convolutionInputGradient: "input_gradient"
    case .convolutionKernelGradient: "kernel_gradient"
    case .input, .constant, .random, .unary, .binary, .select, .broadcast, .reshape, .transpose,
      .pad, .slice, .concatenate, .reduceSum:
      nil
    }
  }

  /// ‖found − exact‖₂ / ‖exact‖₂; 0 where both are zeros.
  static func relativeError(_ found: [Float], _ exact: [Double]) -> Double {
    var (difference, norm) = (0.0, 0.0)
    for (found, exact) in zip(found, exact) {
      difference += (Double(found) - exact) * (Double(found) - exact)
      norm += exact * exact
    }
    return difference == 0 ? 0 : (difference / norm).squareRoot()
  }
}

extension Accuracy.Row {
  fileprivate struct Identity: Hashable {
    let op: Op
    let origin: Origin
    let shapes: [Shape]
  }
}

/// A program of one contraction, with numbers for its operands.
private struct Single {
  let program: Program
  /// Of the operands and the result.
  let shapes: [Shape]
  private let operands: [[Float]]

  /// The operation of `instruction` on a smaller batch.
  init(_ instruction: Instruction, in program: Program) {
    var shapes = instruction.operands.map { program[$0].shape } + [instruction.shape]
    // Which of left, right and result are maps [N, …]: the others are kernels.
    let maps: [Int] =
      switch instruction.op {
      case .convolve, .convolutionInputGradient: [0, 2]
      case .convolutionKernelGradient: [0, 1]
      case .matmul, .input, .constant, .random, .unary, .binary, .select, .broadcast, .reshape,
        .transpose, .pad, .slice, .concatenate, .reduceSum:
        []
      }
    for map in maps {
      let dimensions = shapes[map].dimensions
      shapes[map] = Shape([min(dimensions[0], Accuracy.images)] + dimensions.dropFirst())
    }
    let origin = instruction.origin
    let instructions = [
      Instruction(op: .input("left"), operands: [], shape: shapes[0], origin: origin),
      Instruction(op: .input("right"), operands: [], shape: shapes[1], origin: origin),
      Instruction(
        op: instruction.op, operands: [Value(index: 0), Value(index: 1)], shape: shapes[2],
        origin: origin),
    ]
    self.program = Program(
      instructions: instructions,
      outputs: [Program.Output(name: "result", value: Value(index: 2))])
    self.shapes = shapes
    operands = shapes.dropLast().enumerated().map { stream, shape in
      [Float](unsafeUninitializedCapacity: shape.count) { buffer, initialized in
        // The stream writes every element of the buffer, whose capacity is at least the count.
        RandomStream(key: RandomKey(seed: 0, step: 0), stream: stream).fill(
          UnsafeMutableBufferPointer(rebasing: buffer[..<shape.count]), .normal, from: 0)
        initialized = shape.count
      }
    }
  }

  func exact() -> [Double] {
    var inputs: [String: Tensor<Double>] = [:]
    for (index, name) in ["left", "right"].enumerated() {
      inputs[name] = Tensor(shape: shapes[index], elements: operands[index].map(Double.init))
    }
    // Both inputs are there, with the program's own shapes.
    let outputs = try? ReferenceInterpreter<Double>().run(program, inputs: inputs)
    return outputs?["result"]?.elements ?? []
  }

  /// Nil where `kernels` asks for an algorithm that does not take this shape.
  func result(_ kernels: KernelChoice, _ pool: WorkerPool) throws(TrainingProblem) -> [Float]? {
    let store = TensorStore()
    let executor = try Executor.make(for: program, store: store, pool: pool, kernels: kernels)
    let taken = executor.plan.stepDescriptions.compactMap(\.algorithm).first ?? .direct
    guard taken == kernels.algorithm else { return nil }
    for (name, numbers) in zip(["left", "right"], operands) { try store.set(name, to: numbers) }
    executor.run(key: RandomKey(seed: 0, step: 0))
    return try runtime { () throws(RuntimeError) in try executor.output("result") }
  }
}
