import Program

/// Runs a program with plain loops: the living definition of every operation.
///
/// Its loops are specialised for `Float` and `Double`: a convolution makes 2 to 3 thousand million
/// multiply-adds a second in a debug build too (one core of an AMD EPYC). Sums are made in the
/// scalar's own precision, in row-major order.
public struct ReferenceInterpreter<Scalar: ReferenceScalar>: Sendable {
  public init() {}

  /// The outputs by name; inputs that the program does not have are ignored.
  public func run(
    _ program: Program, inputs: [String: Tensor<Scalar>],
    key: RandomKey = RandomKey(seed: 0, step: 0)
  ) throws(ReferenceError) -> [String: Tensor<Scalar>] {
    let lastUses = lastUses(in: program)
    var values: [Tensor<Scalar>?] = []
    values.reserveCapacity(program.instructions.count)
    for (index, instruction) in program.instructions.enumerated() {
      let operands = instruction.operands.map { values[$0.index]! }
      values.append(try result(of: instruction, operands, inputs, key))
      // A value that nothing reads any more makes room.
      for operand in instruction.operands where lastUses[operand.index] == index {
        values[operand.index] = nil
      }
    }
    return Dictionary(
      uniqueKeysWithValues: program.outputs.map { ($0.name, values[$0.value.index]!) })
  }

  private func lastUses(in program: Program) -> [Int] {
    var lastUses = [Int](repeating: -1, count: program.instructions.count)
    for (index, instruction) in program.instructions.enumerated() {
      for operand in instruction.operands { lastUses[operand.index] = index }
    }
    for output in program.outputs { lastUses[output.value.index] = program.instructions.count }
    return lastUses
  }

  private func result(
    of instruction: Instruction, _ operands: [Tensor<Scalar>], _ inputs: [String: Tensor<Scalar>],
    _ key: RandomKey
  ) throws(ReferenceError) -> Tensor<Scalar> {
    let shape = instruction.shape
    switch instruction.op {
    case .input(let name):
      guard let input = inputs[name] else {
        throw .missingInput(name: name, shape: shape)
      }
      guard input.shape == shape else {
        throw .wrongShape(name: name, expected: shape, found: input.shape)
      }
      return input
    case .constant(let number):
      return Tensor(shape: shape, repeating: Scalar(number))
    case .random(let distribution, let stream):
      return .random(distribution, as: shape, stream: stream, key: key)
    case .unary(let op):
      return operands[0].unary(op)
    case .binary(let op):
      return operands[0].binary(op, operands[1])
    case .select:
      return operands[0].select(operands[1], operands[2])
    case .broadcast(let axes):
      return operands[0].broadcast(to: shape, axes: axes)
    case .reshape:
      return Tensor(shape: shape, elements: operands[0].elements)
    case .meanOverShards:
      return operands[0]
    case .transpose(let permutation):
      return operands[0].transposed(permutation)
    case .pad(let low, _, let interior, let value):
      return operands[0].padded(low: low, interior: interior, value: value, as: shape)
    case .slice(let start, _, let stride):
      return operands[0].sliced(start: start, stride: stride, as: shape)
    case .concatenate(let axis):
      return .concatenated(operands, axis: axis, as: shape)
    case .reduceSum(let axes):
      return operands[0].reduced(axes: axes, as: shape, from: 0) { $0 + $1 }
    case .reduceMaximum(let axes):
      return operands[0].reduced(axes: axes, as: shape, from: -.infinity) { $0 > $1 ? $0 : $1 }
    case .matmul(let leftTransposed, let rightTransposed):
      let sizes = MatrixSizes(
        left: operands[0].shape, right: operands[1].shape, leftTransposed: leftTransposed,
        rightTransposed: rightTransposed)
      guard let sizes else {
        preconditionFailure("\(operands[0].shape) × \(operands[1].shape) in a verified program")
      }
      return .matmul(operands[0], operands[1], sizes, as: shape)
    case .convolve(let geometry):
      return .convolution(operands[0], operands[1], geometry, as: shape)
    case .convolutionInputGradient(let geometry, _, _):
      return .convolutionInputGradient(operands[0], operands[1], geometry, as: shape)
    case .convolutionKernelGradient(let geometry, _, _):
      return .convolutionKernelGradient(operands[0], operands[1], geometry, as: shape)
    }
  }
}

/// Why a program cannot be run on the inputs it is given.
public enum ReferenceError: Error, Hashable, CustomStringConvertible {
  case missingInput(name: String, shape: Shape)
  case wrongShape(name: String, expected: Shape, found: Shape)

  public var description: String {
    switch self {
    case .missingInput(let name, let shape):
      "the input \(name) of shape \(shape) is missing"
    case .wrongShape(let name, let expected, let found):
      "the input \(name) has shape \(found), the program takes \(expected)"
    }
  }
}
