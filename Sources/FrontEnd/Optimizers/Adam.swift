import Decoding
import Foundation
import Program

/// Running means of the gradient and of its square, corrected for their start at 0.
///
/// p − rate · m / (√v · correction + ε). Source: Kingma and Ba 2015, algorithm 1; by default with
/// β₁ 0.5, as in Radford et al. 2015, section 4.
public struct Adam: Optimizer {
  public let beta1: Double
  public let beta2: Double
  public let epsilon: Double

  public init(beta1: Double, beta2: Double, epsilon: Double) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  public init(reading options: inout OptionReader) {
    beta1 = options.share(
      "beta1", default: 0.5, help: "share of the old mean of the gradients")
    beta2 = options.share(
      "beta2", default: 0.999, help: "share of the old mean of their squares")
    epsilon = options.epsilon()
  }

  public var options: [(name: String, value: Double)] {
    [("beta1", beta1), ("beta2", beta2), ("epsilon", epsilon)]
  }

  public var stateNames: [String] { ["adam.m", "adam.v"] }

  public func scalars(learningRate: Double, step t: Int) -> OptimizerScalars {
    OptimizerScalars(
      rate: learningRate / (1 - pow(beta1, Double(t))),
      correction: 1 / (1 - pow(beta2, Double(t))).squareRoot())
  }

  public func update(
    _ parameter: Value, gradient: Value, state: [Value], scalars: [OptimizerScalar: Value],
    in program: inout ProgramBuilder
  ) -> (parameter: Value, state: [Value]) {
    guard let correction = scalars[.correction] else {
      preconditionFailure("an update by Adam without its correction")
    }
    let m = program.blend(state[0], beta1, gradient, 1 - beta1)
    let v = program.blend(state[1], beta2, program.square(gradient), 1 - beta2)
    let spread = program.broadcast(correction, to: program.shape(of: parameter), axes: [])
    let root = program.multiply(program.squareRoot(v), spread)
    let direction = program.divide(m, program.offset(root, by: epsilon))
    return (program.moved(parameter, against: direction, by: scalars[.rate]), [m, v])
  }
}
