/// A rule of programs that one place of a program breaks.
public enum Violation: Hashable, Sendable, CustomStringConvertible {
  /// An operand is not the result of an earlier instruction.
  case operandNotEarlier(instruction: Value, operand: Value)
  /// The shape rule of the operation refuses the operands or gives another shape.
  case wrongShape(instruction: Value, mismatch: ShapeMismatch)
  /// Two inputs have one name.
  case repeatedInput(instruction: Value, name: String)
  /// Two outputs have one name.
  case repeatedOutput(name: String)
  /// An output is not the result of any instruction.
  case unknownOutput(name: String, value: Value)
  /// An output that replaces an input in the next run has another shape.
  case carriedShape(name: String, input: Shape, output: Shape)

  public var description: String {
    switch self {
    case .operandNotEarlier(let instruction, let operand):
      "\(instruction) takes \(operand), which is not the result of an earlier instruction"
    case .wrongShape(let instruction, let mismatch):
      "\(instruction) breaks its shape rule: \(mismatch)"
    case .repeatedInput(let instruction, let name):
      "\(instruction) is a second input named \(name)"
    case .repeatedOutput(let name):
      "two outputs are named \(name)"
    case .unknownOutput(let name, let value):
      "output \(name) is \(value), which no instruction makes"
    case .carriedShape(let name, let input, let output):
      "output \(name) of shape \(output) cannot replace the input of shape \(input)"
    }
  }
}

extension Program {
  /// Every broken rule, in program order; empty for a program that can be run.
  ///
  /// Checked are the order of single assignment, every shape, and the names of inputs and outputs.
  public func violations() -> [Violation] {
    var violations: [Violation] = []
    var inputs: [String: Shape] = [:]
    for (index, instruction) in instructions.enumerated() {
      let value = Value(index: index)
      let misplaced = instruction.operands.filter { !(0..<index).contains($0.index) }
      violations += misplaced.map { .operandNotEarlier(instruction: value, operand: $0) }
      if misplaced.isEmpty, let mismatch = shapeMismatch(in: instruction) {
        violations.append(.wrongShape(instruction: value, mismatch: mismatch))
      }
      if case .input(let name) = instruction.op,
        inputs.updateValue(instruction.shape, forKey: name) != nil
      {
        violations.append(.repeatedInput(instruction: value, name: name))
      }
    }
    var names: Set<String> = []
    for output in outputs {
      if !names.insert(output.name).inserted {
        violations.append(.repeatedOutput(name: output.name))
      }
      guard instructions.indices.contains(output.value.index) else {
        violations.append(.unknownOutput(name: output.name, value: output.value))
        continue
      }
      let shape = self[output.value].shape
      if let input = inputs[output.name], input != shape {
        violations.append(.carriedShape(name: output.name, input: input, output: shape))
      }
    }
    return violations
  }

  /// The program itself; a debug build stops here if it breaks a rule.
  public func verified() -> Program {
    assert(
      violations().isEmpty, "\(violations().map(\.description).joined(separator: "\n"))\n\(text)")
    return self
  }

  private func shapeMismatch(in instruction: Instruction) -> ShapeMismatch? {
    do {
      _ = try instruction.op.resultShape(
        operands: instruction.operands.map { self[$0].shape }, stated: instruction.shape)
      return nil
    } catch {
      return error
    }
  }
}
