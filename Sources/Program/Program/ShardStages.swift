/// A piece of a program that each shard of a batch runs without hearing of the others.
public struct ShardStage: Sendable {
  /// Inputs are those of the whole program, and what earlier stages hand on by name; the outputs are
  /// `results`, `kept` and `meetings`.
  public let program: Program
  /// Outputs of the whole program that this stage gives.
  public let results: [String]
  /// Outputs that later stages of the same shard read as inputs.
  public let kept: [String]
  /// Outputs of which later stages of all shards read the mean as an input of the same name.
  public let meetings: [String]
}

extension Program {
  /// The program cut at each `meanOverShards`: every stage is run for all shards before the next.
  ///
  /// A program without such an operation is its only stage. Outputs that replace an input come from
  /// the last stage, so that all stages read the state as it was.
  ///
  /// - Parameter prefix: what the names of values between stages begin with.
  public func shardStages(naming prefix: String) -> [ShardStage] {
    var cut = ShardCut(self, prefix: prefix)
    return cut.stages()
  }
}

/// Finds for each value the stage that makes it.
private struct ShardCut {
  let program: Program
  let prefix: String
  /// The first stage in which each instruction's result is there.
  private let levels: [Int]
  private let last: Int
  /// For each stage the values that later ones read.
  private var kept: [Set<Int>]

  init(_ program: Program, prefix: String) {
    self.program = program
    self.prefix = prefix
    let levels = Self.levels(of: program)
    self.levels = levels
    last = levels.max() ?? 0
    kept = Array(repeating: [], count: last + 1)
  }

  private static func levels(of program: Program) -> [Int] {
    var levels = [Int](repeating: 0, count: program.instructions.count)
    for (index, instruction) in program.instructions.enumerated() {
      let operands = instruction.operands.map { levels[$0.index] }.max() ?? 0
      levels[index] = instruction.op == .meanOverShards ? operands + 1 : operands
    }
    // Random numbers need nothing: they are drawn where they are first read.
    var readers = [Int: Int]()
    for (index, instruction) in program.instructions.enumerated() {
      let level = instruction.op == .meanOverShards ? levels[index] - 1 : levels[index]
      for operand in instruction.operands {
        readers[operand.index] = min(readers[operand.index] ?? level, level)
      }
    }
    for (index, instruction) in program.instructions.enumerated() {
      if case .random = instruction.op { levels[index] = readers[index] ?? 0 }
    }
    return levels
  }

  /// From the last to the first, since a stage says what it reads of earlier ones.
  mutating func stages() -> [ShardStage] {
    (0...last).reversed().map { stage($0) }.reversed()
  }

  /// With the shape, since the same place of another program may have another.
  private func name(_ index: Int) -> String {
    "\(prefix).\(index).\(program.instructions[index].shape)"
  }

  private mutating func stage(_ level: Int) -> ShardStage {
    let inputs = Set(program.inputs.map(\.name))
    let results = program.outputs.filter {
      level == (inputs.contains($0.name) ? last : levels[$0.value.index])
    }
    let meetings = program.instructions.indices.filter {
      program.instructions[$0].op == .meanOverShards && levels[$0] == level + 1
    }
    let roots =
      results.map(\.value.index) + kept[level]
      + meetings.map { program.instructions[$0].operands[0].index }
    let isNeeded = needs(of: roots, at: level)

    var builder = ProgramBuilder()
    var values = [Value](repeating: Value(index: -1), count: program.instructions.count)
    for (index, instruction) in program.instructions.enumerated() where isNeeded[index] {
      _ = builder.setOrigin(instruction.origin)
      values[index] =
        isHandedOn(index, to: level)
        ? builder.input(name(index), instruction.shape)
        : builder.add(
          instruction.op, instruction.operands.map { values[$0.index] }, shape: instruction.shape)
    }
    let handedOn = kept[level].sorted()
    let outputs =
      results.map { ($0.name, values[$0.value.index]) }
      + handedOn.map { (name($0), values[$0]) }
      + meetings.map { (name($0), values[program.instructions[$0].operands[0].index]) }
    return ShardStage(
      program: builder.program(outputs: outputs), results: results.map(\.name),
      kept: handedOn.map(name), meetings: meetings.map(name))
  }

  /// What a stage computes or reads for `roots`; what it reads of earlier stages is noted there.
  private mutating func needs(of roots: [Int], at level: Int) -> [Bool] {
    var isNeeded = [Bool](repeating: false, count: program.instructions.count)
    for root in roots { isNeeded[root] = true }
    for index in program.instructions.indices.reversed() where isNeeded[index] {
      let instruction = program.instructions[index]
      if isHandedOn(index, to: level) {
        if instruction.op != .meanOverShards { kept[levels[index]].insert(index) }
      } else {
        for operand in instruction.operands { isNeeded[operand.index] = true }
      }
    }
    return isNeeded
  }

  /// Whether a stage reads the value instead of computing it; what costs nothing is made again.
  private func isHandedOn(_ index: Int, to level: Int) -> Bool {
    switch program.instructions[index].op {
    case .meanOverShards: true
    case .input, .constant, .broadcast, .reshape: false
    case .random, .unary, .binary, .select, .transpose, .pad, .slice, .concatenate, .reduceSum,
      .reduceMaximum, .matmul, .convolve, .convolutionInputGradient, .convolutionKernelGradient:
      levels[index] < level
    }
  }
}
