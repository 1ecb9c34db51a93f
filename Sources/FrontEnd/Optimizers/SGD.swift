import Decoding
import Program

/// Steps along the gradient; `momentum` keeps a velocity.
///
/// Source: Robbins and Monro 1951; PyTorch's form of momentum, without damping.
public struct SGD: Optimizer {
  public let momentum: Double

  public init(momentum: Double) { self.momentum = momentum }

  public init(reading options: inout OptionReader) { momentum = options.momentum() }

  public var options: [(name: String, value: Double)] { [("momentum", momentum)] }

  public var stateNames: [String] { momentum == 0 ? [] : ["sgd.b"] }

  public func scalars(learningRate: Double, step t: Int) -> OptimizerScalars {
    OptimizerScalars(rate: learningRate)
  }

  public func update(
    _ parameter: Value, gradient: Value, state: [Value], scalars: [OptimizerScalar: Value],
    in program: inout ProgramBuilder
  ) -> (parameter: Value, state: [Value]) {
    guard momentum != 0 else {
      return (program.moved(parameter, against: gradient, by: scalars[.rate]), [])
    }
    let b = program.blend(state[0], momentum, gradient, 1)
    return (program.moved(parameter, against: b, by: scalars[.rate]), [b])
  }
}
