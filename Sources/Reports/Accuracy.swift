import Device
import Program
import Reference

/// How exactly a device computes its convolutions and matrix products.
///
/// Each is computed by itself, in `Float` by each of the device's algorithms and in `Double` by the
/// reference interpreter, on random numbers from N(0, 1); a convolution on the first images of the
/// batch.
package enum Accuracy {
  /// One operation of a layer; the same operation on another batch is not listed again.
  package struct Row: Hashable, Sendable {
    package let path: String
    package let part: Origin.Part
    /// `convolve`, `input_gradient`, `kernel_gradient` or `matmul`.
    package let op: String
    /// How the program computes a convolution; nil for a matrix product.
    package let algorithm: String?
    /// Relative error ‖found − exact‖₂ / ‖exact‖₂ of the program's algorithm.
    package let error: Double
    /// The same of all algorithms that take this shape.
    package let errors: [String: Double]
  }

  /// Images of the batch that are computed: the reference interpreter is slow.
  package static let images = 2

  /// The contractions of the programs, in order; nil where the device does not list its passes.
  package static func rows(
    of programs: [any LoadedProgram], on device: any Device
  ) throws(DeviceProblem) -> [Row]? {
    var rows: [Row] = []
    var seen: Set<Row.Identity> = []
    for loaded in programs {
      guard let passes = loaded.passes else { return nil }
      for pass in passes {
        let instruction = loaded.program.instructions[pass.instruction]
        guard let op = name(of: instruction.op) else { continue }
        let single = Single(instruction, in: loaded.program)
        let identity = Row.Identity(
          op: instruction.op, origin: pass.origin, shapes: single.shapes)
        guard seen.insert(identity).inserted else { continue }
        rows.append(try row(of: pass, op, single, on: device))
      }
    }
    return rows
  }

  private static func row(
    of pass: DevicePass, _ op: String, _ single: Single, on device: any Device
  ) throws(DeviceProblem) -> Row {
    let exact = try single.exact()
    var errors: [String: Double] = [:]
    if pass.algorithm != nil {
      for (algorithm, variant) in device.variants {
        let (found, taken) = try single.result(on: variant)
        if taken == algorithm { errors[algorithm] = relativeError(found, exact) }
      }
    }
    let error: Double
    if let algorithm = pass.algorithm, let known = errors[algorithm] {
      error = known
    } else {
      error = relativeError(try single.result(on: device).elements, exact)
    }
    return Row(
      path: pass.origin.path, part: pass.origin.part, op: op, algorithm: pass.algorithm,
      error: error, errors: errors)
  }

  private static func name(of op: Op) -> String? {
    switch op {
    case .matmul: "matmul"
    case .convolve: "convolve"
    case .convolutionInputGradient: "input_gradient"
    case .convolutionKernelGradient: "kernel_gradient"
    case .input, .constant, .random, .unary, .binary, .select, .broadcast, .reshape, .transpose,
      .pad, .slice, .concatenate, .meanOverShards, .reduceSum, .reduceMaximum:
      nil
    }
  }

  /// ‖found − exact‖₂ / ‖exact‖₂; 0 where both are zeros.
  static func relativeError(_ found: [Float], _ exact: [Double]) -> Double {
    precondition(found.count == exact.count, "\(found.count) numbers beside \(exact.count)")
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

  private static let names = ["left", "right"]
  private static let result = "result"

  /// The operation of `instruction` on a smaller batch.
  init(_ instruction: Instruction, in program: Program) {
    var shapes = instruction.operands.map { program[$0].shape } + [instruction.shape]
    // Which of left, right and result are maps [N, …]: the others are kernels.
    let maps: [Int] =
      switch instruction.op {
      case .convolve, .convolutionInputGradient: [0, 2]
      case .convolutionKernelGradient: [0, 1]
      case .matmul, .input, .constant, .random, .unary, .binary, .select, .broadcast, .reshape,
        .transpose, .pad, .slice, .concatenate, .meanOverShards, .reduceSum, .reduceMaximum:
        []
      }
    for map in maps {
      let dimensions = shapes[map].dimensions
      shapes[map] = Shape([min(dimensions[0], Accuracy.images)] + dimensions.dropFirst())
    }
    let origin = instruction.origin
    let inputs = zip(Self.names, shapes).map { name, shape in
      Instruction(op: .input(name), operands: [], shape: shape, origin: origin)
    }
    let contraction = Instruction(
      op: instruction.op, operands: [Value(index: 0), Value(index: 1)], shape: shapes[2],
      origin: origin)
    self.program = Program(
      instructions: inputs + [contraction],
      outputs: [Program.Output(name: Self.result, value: Value(index: 2))])
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

  func exact() throws(DeviceProblem) -> [Double] {
    try run(on: ReferenceDevice<Double>()).outputNumbers(Self.result)
  }

  /// The elements, and the algorithm by which they were made.
  func result(
    on device: any Device
  ) throws(DeviceProblem) -> (elements: [Float], algorithm: String?) {
    let loaded = try run(on: device)
    return (try loaded.output(Self.result), loaded.passes?.compactMap(\.algorithm).first)
  }

  private func run(on device: any Device) throws(DeviceProblem) -> any LoadedProgram {
    let state = try device.makeState()
    let loaded = try state.load(program)
    for (name, numbers) in zip(Self.names, operands) { try state.write(numbers, to: name) }
    try loaded.run(key: RandomKey(seed: 0, step: 0))
    return loaded
  }
}
