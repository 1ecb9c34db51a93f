extension Program {
  /// The same program without the instructions that no output depends on.
  ///
  /// This is how the discriminator's weight gradients fall out of the generator's step.
  public func withoutDeadCode() -> Program {
    var isLive = [Bool](repeating: false, count: instructions.count)
    for output in outputs { isLive[output.value.index] = true }
    for index in instructions.indices.reversed() where isLive[index] {
      for operand in instructions[index].operands { isLive[operand.index] = true }
    }
    var renumbered = [Value](repeating: Value(index: -1), count: instructions.count)
    var kept: [Instruction] = []
    for (index, instruction) in instructions.enumerated() where isLive[index] {
      renumbered[index] = Value(index: kept.count)
      kept.append(
        Instruction(
          op: instruction.op, operands: instruction.operands.map { renumbered[$0.index] },
          shape: instruction.shape, origin: instruction.origin))
    }
    return Program(
      instructions: kept,
      outputs: outputs.map { Output(name: $0.name, value: renumbered[$0.value.index]) })
  }
}
