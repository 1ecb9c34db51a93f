import Foundation
import Program
import Spec

/// One update of a parameter, as a program: PyTorch's rules with PyTorch's options.
///
/// Weight decay is coupled: it is added to the gradient, so that it passes through the moments.
struct Optimizer: Sendable {
  let options: OptimizerSpec

  init(_ options: OptimizerSpec) { self.options = options }

  /// Prefixes of the state tensors that each parameter has, such as `adam.m`.
  var stateNames: [String] {
    switch options.rule {
    case .adam: ["adam.m", "adam.v"]
    case .rmsprop(_, _, let momentum): momentum == 0 ? ["rmsprop.v"] : ["rmsprop.v", "rmsprop.b"]
    case .sgd(let momentum): momentum == 0 ? [] : ["sgd.b"]
    }
  }

  /// Numbers that change from step to step and are given to the program as inputs.
  ///
  /// They are computed here, in double precision: 1 − β₂ᵗ of a small t would lose four digits in
  /// single precision.
  enum Scalar: String, CaseIterable, Sendable {
    /// learningRate / (1 − β₁ᵗ)
    case rate
    /// 1 / √(1 − β₂ᵗ)
    case correction
  }

  /// The scalars of step `t`, counted from 1.
  func scalars(step t: Int) -> [Scalar: Double] {
    switch options.rule {
    case .adam(let beta1, let beta2, _):
      [
        .rate: options.learningRate / (1 - pow(beta1, Double(t))),
        .correction: 1 / (1 - pow(beta2, Double(t))).squareRoot(),
      ]
    case .rmsprop, .sgd:
      [.rate: options.learningRate, .correction: 1]
    }
  }

  /// The parameter and its state after one step; `scalars` are scalar values in the program.
  func update(
    _ parameter: Value, gradient: Value, state: [Value], scalars: [Scalar: Value],
    in program: inout ProgramBuilder
  ) -> (parameter: Value, state: [Value]) {
    let shape = program.shape(of: parameter)
    // The inputs in the parameter's shape; a program has both scalars whether its rule needs them.
    func spread(_ scalar: Scalar) -> Value {
      program.broadcast(scalars[scalar]!, to: shape, axes: [])
    }
    // x·a + y·b
    func blend(_ x: Value, _ a: Double, _ y: Value, _ b: Double) -> Value {
      let scaled = program.scale(x, by: a)
      return program.add(scaled, program.scale(y, by: b))
    }
    var gradient = gradient
    if options.weightDecay != 0 {
      gradient = program.add(gradient, program.scale(parameter, by: options.weightDecay))
    }

    switch options.rule {
    case .adam(let beta1, let beta2, let epsilon):
      // Kingma and Ba 2015, algorithm 1: p − rate · m / (√v · correction + ε)
      let m = blend(state[0], beta1, gradient, 1 - beta1)
      let v = blend(state[1], beta2, program.square(gradient), 1 - beta2)
      let root = program.multiply(program.squareRoot(v), spread(.correction))
      let direction = program.divide(m, program.offset(root, by: epsilon))
      let step = program.multiply(direction, spread(.rate))
      return (program.subtract(parameter, step), [m, v])

    case .rmsprop(let smoothing, let epsilon, let momentum):
      // Tieleman and Hinton 2012; v a running mean of the squared gradient, b the velocity.
      let v = blend(state[0], smoothing, program.square(gradient), 1 - smoothing)
      let root = program.offset(program.squareRoot(v), by: epsilon)
      let direction = program.divide(gradient, root)
      guard momentum != 0 else {
        let step = program.multiply(direction, spread(.rate))
        return (program.subtract(parameter, step), [v])
      }
      let b = blend(state[1], momentum, direction, 1)
      return (program.subtract(parameter, program.multiply(b, spread(.rate))), [v, b])

    case .sgd(let momentum):
      guard momentum != 0 else {
        let step = program.multiply(gradient, spread(.rate))
        return (program.subtract(parameter, step), [])
      }
      let b = blend(state[0], momentum, gradient, 1)
      return (program.subtract(parameter, program.multiply(b, spread(.rate))), [b])
    }
  }
}
