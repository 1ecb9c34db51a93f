extension Program {
  /// One program that does what `programs` do one after the other over the same tensors.
  ///
  /// An input that an earlier program puts out is that output. The outputs are those of all
  /// programs, in order, the last of each name; `isKept` leaves out what only hands a value on.
  /// Operations that several programs have in common are made once.
  public static func joined(
    _ programs: [Program], keeping isKept: (String) -> Bool = { _ in true }
  ) -> Program {
    var builder = ProgramBuilder()
    var names: [String] = []
    var made: [String: Value] = [:]
    for program in programs {
      var values: [Value] = []
      values.reserveCapacity(program.instructions.count)
      for instruction in program.instructions {
        if case .input(let name) = instruction.op, let value = made[name] {
          precondition(
            builder.shape(of: value) == instruction.shape,
            "\(name) is made as \(builder.shape(of: value)) and read as \(instruction.shape)")
          values.append(value)
          continue
        }
        _ = builder.setOrigin(instruction.origin)
        values.append(
          builder.add(
            instruction.op, instruction.operands.map { values[$0.index] },
            shape: instruction.shape))
      }
      for output in program.outputs {
        if made[output.name] == nil { names.append(output.name) }
        made[output.name] = values[output.value.index]
      }
    }
    return builder.program(
      outputs: names.filter(isKept).compactMap { name in made[name].map { (name, $0) } })
  }
}
