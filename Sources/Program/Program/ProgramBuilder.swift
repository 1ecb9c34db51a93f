/// Builds a program, one instruction after the other, and infers every shape.
///
/// An operation that was already made of the same operands is not made again, and operations that
/// change nothing (a reshape to the same shape, adding 0, multiplying by 1) return their operand.
/// A rule broken here is the caller's mistake, never the user's: shapes of a spec are checked
/// before they are lowered.
public struct ProgramBuilder: Sendable {
  public private(set) var instructions: [Instruction] = []
  private var known: [Key: Value] = [:]
  private var origin = Origin(path: "")

  private struct Key: Hashable {
    let op: Op
    let operands: [Value]
    let shape: Shape
  }

  public init() {}

  /// Continues a program: the values of its instructions stay valid.
  public init(continuing program: Program) {
    for instruction in program.instructions { append(instruction) }
  }

  public func shape(of value: Value) -> Shape { instructions[value.index].shape }

  /// The program made so far; instructions that no output needs are left out.
  public func program(outputs: [(name: String, value: Value)]) -> Program {
    Program(
      instructions: instructions,
      outputs: outputs.map { Program.Output(name: $0.name, value: $0.value) }
    ).withoutDeadCode().verified()
  }

  /// Runs `body` with all instructions made in it marked as coming from `origin`.
  public mutating func with<Result>(
    origin: Origin, _ body: (inout ProgramBuilder) -> Result
  ) -> Result {
    let outer = setOrigin(origin)
    defer { _ = setOrigin(outer) }
    return body(&self)
  }

  /// Marks the instructions from here on; returns the mark so far, to be set again afterwards.
  public mutating func setOrigin(_ origin: Origin) -> Origin {
    defer { self.origin = origin }
    return self.origin
  }

  /// Adds an operation of any kind; the shape follows from the operands except where `shape` is
  /// needed (`input`, `constant`, `random`, `broadcast`, `reshape`).
  public mutating func add(_ op: Op, _ operands: [Value] = [], shape: Shape? = nil) -> Value {
    let inferred: Shape
    do {
      inferred = try op.resultShape(operands: operands.map { self.shape(of: $0) }, stated: shape)
    } catch {
      preconditionFailure("\(op): \(error)")
    }
    if let unchanged = operandLeftUnchanged(by: op, operands, result: inferred) { return unchanged }
    let key = Key(op: op, operands: operands, shape: inferred)
    if let value = known[key] { return value }
    return append(Instruction(op: op, operands: operands, shape: inferred, origin: origin))
  }

  @discardableResult
  private mutating func append(_ instruction: Instruction) -> Value {
    let value = Value(index: instructions.count)
    instructions.append(instruction)
    let key = Key(op: instruction.op, operands: instruction.operands, shape: instruction.shape)
    known[key] = value
    return value
  }

  /// The operand that `op` would merely repeat, if there is one.
  private func operandLeftUnchanged(by op: Op, _ operands: [Value], result: Shape) -> Value? {
    func isConstant(_ value: Value, _ number: Double) -> Bool {
      var value = value
      while case .broadcast = instructions[value.index].op {
        value = instructions[value.index].operands[0]
      }
      return instructions[value.index].op == .constant(number)
    }
    switch op {
    case .transpose(let permutation):
      return permutation == Array(permutation.indices) ? operands[0] : nil
    case .reduceSum(let axes), .reduceMaximum(let axes):
      return axes.isEmpty ? operands[0] : nil
    case .concatenate:
      return operands.count == 1 ? operands[0] : nil
    case .reshape, .broadcast, .slice, .pad:
      return shape(of: operands[0]) == result ? operands[0] : nil
    case .binary(.add):
      if isConstant(operands[0], 0) { return operands[1] }
      return isConstant(operands[1], 0) ? operands[0] : nil
    case .binary(.subtract):
      return isConstant(operands[1], 0) ? operands[0] : nil
    case .binary(.multiply):
      if isConstant(operands[0], 1) { return operands[1] }
      return isConstant(operands[1], 1) ? operands[0] : nil
    case .binary(.divide):
      return isConstant(operands[1], 1) ? operands[0] : nil
    case .input, .constant, .random, .unary, .binary(.maximum), .binary(.greater), .select,
      .meanOverShards,
      .matmul, .convolve, .convolutionInputGradient, .convolutionKernelGradient:
      return nil
    }
  }
}
