import Foundation
import Program

extension FusionGraph.Kind {
  /// What an elementwise operation makes of numbers that are known while planning.
  func value(of numbers: [Double]) -> Double {
    switch self {
    case .unary(let op): op.value(of: numbers[0])
    case .binary(let op): op.value(of: numbers[0], numbers[1])
    case .select: numbers[0] != 0 ? numbers[1] : numbers[2]
    case .input, .constant, .copy, .head, .broadcast, .reduce, .heavy:
      preconditionFailure("\(self) is not elementwise")
    }
  }
}

extension Op.Unary {
  fileprivate func value(of x: Double) -> Double {
    switch self {
    case .negate: -x
    case .exp: Foundation.exp(x)
    case .log: Foundation.log(x)
    case .logPlusOne: log1p(x)
    case .tanh: Foundation.tanh(x)
    case .logistic: 1 / (1 + Foundation.exp(-x))
    case .squareRoot: x.squareRoot()
    case .reciprocalSquareRoot: 1 / x.squareRoot()
    }
  }
}

extension Op.Binary {
  fileprivate func value(of a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: a > b ? a : b
    case .greater: a > b ? 1 : 0
    }
  }
}
