import LayerGraph
import Optimizers
import Program
import Spec

/// Makes the updates' parts of a step.
struct UpdatePrograms {
  let spec: Spec
  let graph: LayerGraph

  func part(of role: NetworkRole) -> StepPart {
    let optimizer = spec.train.optimizer(of: role)
    let settings = spec.train.network(role)
    var program = ProgramBuilder()
    var outputs: [(name: String, value: Value)] = []
    var scalars: [OptimizerScalar: Value] = [:]
    for scalar in OptimizerScalar.allCases {
      scalars[scalar] = program.input(TensorName.scalar(scalar, role), .scalar)
    }
    let parameters = graph.network(role).parameters
    let trained = parameters.filter(\.role.isTrained)
    let gradients = gradients(of: trained, clippedTo: settings.clip, role, in: &program)
    var newest: [String: Value] = [:]
    for (parameter, gradient) in zip(trained, gradients) {
      let outer = program.setOrigin(Origin(path: parameter.name, part: .update))
      defer { _ = program.setOrigin(outer) }
      let names = optimizer.stateNames.map {
        TensorName.optimizerState($0, of: parameter.name)
      }
      let updated = optimizer.update(
        program.input(parameter.name, parameter.shape), gradient: gradient,
        state: names.map { program.input($0, parameter.shape) }, scalars: scalars, in: &program)
      let value =
        settings.clipWeights == 0
        ? updated.parameter : program.limit(updated.parameter, to: settings.clipWeights)
      outputs += zip(names, updated.state).map { ($0, $1) }
      outputs.append((parameter.name, value))
      newest[parameter.name] = value
    }
    if settings.average > 0 {
      let share = program.input(TensorName.averageShare, .scalar)
      for parameter in parameters where parameter.role.isAveraged {
        let outer = program.setOrigin(Origin(path: parameter.name, part: .update))
        defer { _ = program.setOrigin(outer) }
        let name = TensorName.average(of: parameter.name)
        let value = newest[parameter.name] ?? program.input(parameter.name, parameter.shape)
        let old = program.input(name, parameter.shape)
        outputs.append((name, program.average(old, value, share: share)))
      }
    }
    return StepPart(role: role, half: .update, program: program.program(outputs: outputs))
  }

  /// The gradients of a network, made smaller together where their norm is more than `most`, unless
  /// that is 0.
  ///
  /// As PyTorch's `clip_grad_norm_`: times min(1, most / (norm + 10⁻⁶)).
  private func gradients(
    of parameters: [NamedParameter], clippedTo most: Double, _ role: NetworkRole,
    in program: inout ProgramBuilder
  ) -> [Value] {
    let outer = program.setOrigin(Origin(path: role.rawValue, part: .update))
    defer { _ = program.setOrigin(outer) }
    let gradients = parameters.map {
      program.input(TensorName.gradient($0.name), $0.shape)
    }
    guard most > 0 else { return gradients }
    var squares = program.constant(0)
    for gradient in gradients {
      squares = program.add(squares, program.sum(program.square(gradient)))
    }
    let norm = program.offset(program.squareRoot(squares), by: 1e-6)
    let factor = program.divide(program.constant(most), norm)
    // min(1, x) is -max(-1, -x).
    let limited = program.negate(
      program.maximum(program.negate(factor), program.constant(-1)))
    return gradients.map { gradient in
      program.multiply(
        gradient, program.broadcast(limited, to: program.shape(of: gradient), axes: []))
    }
  }
}

extension ProgramBuilder {
  /// Every number of `x`, brought to between -most and most.
  fileprivate mutating func limit(_ x: Value, to most: Double) -> Value {
    let shape = shape(of: x)
    let raised = maximum(x, constant(-most, shape))
    return negate(maximum(negate(raised), constant(-most, shape)))
  }

  /// share · old + (1 − share) · new; `share` is a scalar.
  fileprivate mutating func average(_ old: Value, _ new: Value, share: Value) -> Value {
    let shape = shape(of: old)
    let step = multiply(subtract(old, new), broadcast(share, to: shape, axes: []))
    return add(new, step)
  }
}

extension OptimizerSpec {
  /// Prefixes of what is kept of each parameter, such as `adam.m`.
  package var stateNames: [String] { rule.optimizer.stateNames }

  /// The parameter and its state after one update; see `Optimizer.update`.
  package func update(
    _ parameter: Value, gradient: Value, state: [Value], scalars: [OptimizerScalar: Value],
    in program: inout ProgramBuilder
  ) -> (parameter: Value, state: [Value]) {
    var gradient = gradient
    if weightDecay != 0 {
      gradient = program.add(gradient, program.scale(parameter, by: weightDecay))
    }
    return rule.optimizer.update(
      parameter, gradient: gradient, state: state, scalars: scalars, in: &program)
  }

  /// The numbers of update `t`, counted from 1.
  package func scalars(step t: Int) -> OptimizerScalars {
    rule.optimizer.scalars(learningRate: learningRate, step: t)
  }

  /// The same by the names of a step's inputs, the learning rate times `factor`.
  package func scalarInputs(
    of role: NetworkRole, step t: Int, rateFactor factor: Double = 1
  ) -> [(name: String, value: Double)] {
    let scalars = scalars(step: t)
    return OptimizerScalar.allCases.map { scalar in
      (TensorName.scalar(scalar, role), scalars[scalar] * (scalar == .rate ? factor : 1))
    }
  }
}
