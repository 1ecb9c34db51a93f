import Decoding
import Program

/// The gradient divided by the root of a running mean of its square; `momentum` keeps a velocity.
///
/// Source: Tieleman and Hinton 2012, lecture 6.5; PyTorch's form, ε outside of the root.
public struct RMSProp: Optimizer {
  public let smoothing: Double
  public let epsilon: Double
  public let momentum: Double

  public init(smoothing: Double, epsilon: Double, momentum: Double) {
    self.smoothing = smoothing
    self.epsilon = epsilon
    self.momentum = momentum
  }

  public init(reading options: inout OptionReader) {
    smoothing = options.share(
      "smoothing", default: 0.99, help: "share of the old mean of the gradients' squares")
    epsilon = options.epsilon()
    momentum = options.momentum()
  }

  public var options: [(name: String, value: Double)] {
    [("smoothing", smoothing), ("epsilon", epsilon), ("momentum", momentum)]
  }

  public var stateNames: [String] {
    momentum == 0 ? ["rmsprop.v"] : ["rmsprop.v", "rmsprop.b"]
  }

  public func scalars(learningRate: Double, step t: Int) -> OptimizerScalars {
    OptimizerScalars(rate: learningRate)
  }

  public func update(
    _ parameter: Value, gradient: Value, state: [Value], scalars: [OptimizerScalar: Value],
    in program: inout ProgramBuilder
  ) -> (parameter: Value, state: [Value]) {
    let v = program.blend(state[0], smoothing, program.square(gradient), 1 - smoothing)
    let root = program.offset(program.squareRoot(v), by: epsilon)
    let direction = program.divide(gradient, root)
    guard momentum != 0 else {
      return (program.moved(parameter, against: direction, by: scalars[.rate]), [v])
    }
    let b = program.blend(state[1], momentum, direction, 1)
    return (program.moved(parameter, against: b, by: scalars[.rate]), [v, b])
  }
}
