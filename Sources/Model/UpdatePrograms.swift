import LayerGraph
import Optimizers
import Program
import Spec

/// Makes the updates' parts of a step.
struct UpdatePrograms {
  let spec: Spec
  let graph: LayerGraph

  func part(of role: NetworkRole) -> StepPart {
    let optimizer = spec.train.optimizer
    var program = ProgramBuilder()
    var outputs: [(name: String, value: Value)] = []
    var scalars: [OptimizerScalar: Value] = [:]
    for scalar in OptimizerScalar.allCases {
      scalars[scalar] = program.input(TensorName.scalar(scalar, role), .scalar)
    }
    for parameter in graph.network(role).parameters where parameter.role.isTrained {
      let outer = program.setOrigin(Origin(path: parameter.name, part: .update))
      defer { _ = program.setOrigin(outer) }
      let names = optimizer.stateNames.map {
        TensorName.optimizerState($0, of: parameter.name)
      }
      let updated = optimizer.update(
        program.input(parameter.name, parameter.shape),
        gradient: program.input(TensorName.gradient(parameter.name), parameter.shape),
        state: names.map { program.input($0, parameter.shape) }, scalars: scalars, in: &program)
      outputs += zip(names, updated.state).map { ($0, $1) }
      outputs.append((parameter.name, updated.parameter))
    }
    return StepPart(role: role, half: .update, program: program.program(outputs: outputs))
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

  /// The same by the names of a step's inputs.
  package func scalarInputs(
    of role: NetworkRole, step t: Int
  ) -> [(name: String, value: Double)] {
    let scalars = scalars(step: t)
    return OptimizerScalar.allCases.map { (TensorName.scalar($0, role), scalars[$0]) }
  }
}
