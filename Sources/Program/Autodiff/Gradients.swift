import Program

/// What goes back through a maximum, of which every rectifier is made.
public enum MaximumGradient: Hashable, Sendable {
  /// The gradient.
  case exact
  /// The gradient where it is positive, and 0 elsewhere: guided backpropagation, which shows what
  /// makes a response stronger and leaves out what holds it back.
  ///
  /// Source: Springenberg, Dosovitskiy, Brox, Riedmiller 2014, "Striving for Simplicity: The All
  /// Convolutional Net", section 3.4.
  case guided
}

/// Reverse-mode differentiation: the gradient of a program is more of the same program.
extension ProgramBuilder {
  /// The gradients of `scalar` with respect to each of `wanted`, in their shapes; zeros where
  /// `scalar` does not depend on the value.
  ///
  /// Only values on a path from the wanted ones to the scalar are differentiated. The new
  /// instructions carry the origin of those they differentiate, with the part `gradient`.
  ///
  /// `constants` are taken as if they depended on nothing: parameters that an earlier step of the
  /// same program has computed, say.
  public mutating func gradients(
    of scalar: Value, withRespectTo wanted: [Value], holding constants: [Value] = [],
    through maximum: MaximumGradient = .exact
  ) -> [Value] {
    precondition(shape(of: scalar) == .scalar, "the gradient of a tensor \(shape(of: scalar))")
    return gradients(
      of: [(value: scalar, upstream: constant(1))], withRespectTo: wanted, holding: constants,
      through: maximum)
  }

  /// The gradients of Σ value·upstream over all `outputs` and their elements.
  ///
  /// Each upstream has its value's shape, and is itself taken as constant.
  public mutating func gradients(
    of outputs: [(value: Value, upstream: Value)], withRespectTo wanted: [Value],
    holding constants: [Value] = [], through maximum: MaximumGradient = .exact
  ) -> [Value] {
    let forward = instructions
    let isVaried = valuesDepending(on: wanted, holding: constants)
    // For each value the gradients of its uses, added up as they come. Those of a broadcast stay
    // apart, so that each is summed by itself: of a batchnorm's scale, which two passes of a network
    // share, to add them first would read and keep the large arrays of both passes.
    var gradients = [[Value]](repeating: [], count: forward.count)

    func accumulate(_ gradient: Value, into value: Value, _ program: inout ProgramBuilder) {
      precondition(
        program.shape(of: gradient) == program.shape(of: value),
        "a gradient \(program.shape(of: gradient)) of \(program.shape(of: value))")
      if case .broadcast = forward[value.index].op {
        gradients[value.index].append(gradient)
      } else {
        let others = gradients[value.index].first
        gradients[value.index] = [others.map { program.add($0, gradient) } ?? gradient]
      }
    }

    for output in outputs where isVaried[output.value.index] {
      accumulate(output.upstream, into: output.value, &self)
    }
    for index in forward.indices.reversed() where isVaried[index] {
      let instruction = forward[index]
      // A wanted value need not depend on another one: nothing before it is asked for then.
      guard instruction.operands.contains(where: { isVaried[$0.index] }) else { continue }
      with(origin: Origin(path: instruction.origin.path, part: .gradient)) { program in
        for gradient in gradients[index] {
          var dz = gradient
          if maximum == .guided, case .binary(.maximum) = instruction.op {
            dz = program.maximum(dz, program.constant(0, program.shape(of: dz)))
          }
          let rule = program.operandGradients(of: instruction, z: Value(index: index), dz: dz)
          for (operand, gradient) in zip(instruction.operands, rule)
          where isVaried[operand.index] {
            if let gradient { accumulate(gradient, into: operand, &program) }
          }
        }
      }
    }
    return wanted.map { value in
      let uses = gradients[value.index]
      guard let first = uses.first else { return constant(0, shape(of: value)) }
      return uses.dropFirst().reduce(first) { add($0, $1) }
    }
  }

  /// For each instruction, whether a change of the `sources` can change its result while the
  /// `constants` stay as they are.
  private func valuesDepending(on sources: [Value], holding constants: [Value]) -> [Bool] {
    var depends = [Bool](repeating: false, count: instructions.count)
    for source in sources { depends[source.index] = true }
    let held = Set(constants.map(\.index))
    for (index, instruction) in instructions.enumerated()
    where !depends[index] && !held.contains(index) {
      depends[index] = instruction.operands.contains { depends[$0.index] }
    }
    return depends
  }
}
