/// The result of an instruction; its index in the program.
public struct Value: Hashable, Sendable {
  public let index: Int

  public init(index: Int) { self.index = index }
}

/// Where an instruction comes from: what a profile or a run-time problem names.
public struct Origin: Hashable, Sendable {
  /// A dotted path such as `discriminator.conv2.norm`; empty outside of any layer.
  public let path: String
  public let part: Part

  public enum Part: String, Hashable, Sendable, CaseIterable {
    case forward
    case gradient
    case update
  }

  public init(path: String, part: Part = .forward) {
    self.path = path
    self.part = part
  }
}

/// One operation in static single assignment: operands are results of earlier instructions.
public struct Instruction: Hashable, Sendable {
  public let op: Op
  public let operands: [Value]
  public let shape: Shape
  public let origin: Origin

  public init(op: Op, operands: [Value], shape: Shape, origin: Origin) {
    self.op = op
    self.operands = operands
    self.shape = shape
    self.origin = origin
  }
}

/// A straight line of instructions with named inputs and outputs.
///
/// An output that has the name of an input is that input's value in the next run: parameters,
/// optimiser moments and running statistics are carried over so.
public struct Program: Sendable {
  public let instructions: [Instruction]
  public let outputs: [Output]

  public struct Output: Hashable, Sendable {
    public let name: String
    public let value: Value

    public init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  public init(instructions: [Instruction], outputs: [Output]) {
    self.instructions = instructions
    self.outputs = outputs
  }

  public subscript(value: Value) -> Instruction { instructions[value.index] }

  /// Names and shapes of the inputs, in program order.
  public var inputs: [(name: String, shape: Shape)] {
    instructions.compactMap { instruction in
      guard case .input(let name) = instruction.op else { return nil }
      return (name, instruction.shape)
    }
  }
}

/// What a run's random numbers depend on besides their stream and position.
public struct RandomKey: Hashable, Sendable {
  public let seed: UInt64
  /// Counts the runs: each step of a training has its own numbers.
  public let step: UInt64

  public init(seed: UInt64, step: UInt64) {
    self.seed = seed
    self.step = step
  }
}
