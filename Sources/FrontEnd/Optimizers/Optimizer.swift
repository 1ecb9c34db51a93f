import Decoding
import Program

/// A rule that turns a gradient into the update of a parameter: PyTorch's rules with PyTorch's
/// options.
///
/// The learning rate and the weight decay, which all rules have, belong to the spec of the
/// optimiser. A new rule is one file with a type of this protocol, one case of `OptimizerKind` and
/// one of `OptimizerRule`.
public protocol Optimizer: Hashable, Sendable {
  /// Reads the rule's own options.
  init(reading options: inout OptionReader)

  /// The rule's own options by the names that specs use, in order.
  var options: [(name: String, value: Double)] { get }

  /// Prefixes of the state tensors that each parameter has, such as `adam.m`; they start at 0.
  var stateNames: [String] { get }

  /// The numbers that change from step to step; `t` counts a network's updates from 1.
  func scalars(learningRate: Double, step t: Int) -> OptimizerScalars

  /// The parameter and its state after one update.
  ///
  /// `parameter`, `gradient` and each of `state`, in the order of `stateNames`, have one shape;
  /// `scalars` are scalar values of the program.
  func update(
    _ parameter: Value, gradient: Value, state: [Value], scalars: [OptimizerScalar: Value],
    in program: inout ProgramBuilder
  ) -> (parameter: Value, state: [Value])
}

/// A number that a program takes as an input because it changes from step to step.
///
/// It is computed outside, in double precision: 1 − β₂ᵗ of a small t would lose four digits in
/// single precision.
public enum OptimizerScalar: String, CaseIterable, Sendable {
  /// The learning rate; for Adam learningRate / (1 − β₁ᵗ).
  case rate
  /// For Adam 1 / √(1 − β₂ᵗ); else 1.
  case correction
}

public struct OptimizerScalars: Hashable, Sendable {
  public let rate: Double
  public let correction: Double

  public init(rate: Double, correction: Double = 1) {
    self.rate = rate
    self.correction = correction
  }

  public subscript(scalar: OptimizerScalar) -> Double {
    switch scalar {
    case .rate: rate
    case .correction: correction
    }
  }
}

extension ProgramBuilder {
  /// x·a + y·b: a running mean where a + b = 1.
  mutating func blend(_ x: Value, _ a: Double, _ y: Value, _ b: Double) -> Value {
    let scaled = scale(x, by: a)
    return add(scaled, scale(y, by: b))
  }

  /// parameter − direction · rate, the rate being a scalar value.
  mutating func moved(_ parameter: Value, against direction: Value, by rate: Value?) -> Value {
    guard let rate else { preconditionFailure("an update without a learning rate") }
    let step = multiply(direction, broadcast(rate, to: shape(of: parameter), axes: []))
    return subtract(parameter, step)
  }
}
