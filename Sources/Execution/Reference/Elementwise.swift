import Program

/// What the elementwise operations mean.
extension Tensor {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func unary(_ op: Op.Unary) -> Tensor {
    switch op {
    case .negate: mapped { -$0 }
    case .exp: mapped { Scalar.exp($0) }
    case .log: mapped { Scalar.log($0) }
    case .logPlusOne: mapped { Scalar.logPlusOne($0) }
    case .tanh: mapped { Scalar.tanh($0) }
    case .logistic: mapped { 1 / (1 + Scalar.exp(-$0)) }
    case .squareRoot: mapped { $0.squareRoot() }
    case .reciprocalSquareRoot: mapped { 1 / $0.squareRoot() }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func binary(_ op: Op.Binary, _ other: Tensor) -> Tensor {
    switch op {
    case .add: zipped(other) { $0 + $1 }
    case .subtract: zipped(other) { $0 - $1 }
    case .multiply: zipped(other) { $0 * $1 }
    case .divide: zipped(other) { $0 / $1 }
    // As the processor's maximum instruction: the second operand where either is not a number.
    case .maximum: zipped(other) { $0 > $1 ? $0 : $1 }
    case .greater: zipped(other) { $0 > $1 ? 1 : 0 }
    }
  }

  /// With `self` as the mask.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func select(_ a: Tensor, _ b: Tensor) -> Tensor {
    Tensor(
      shape: shape,
      elements: elements.indices.map { elements[$0] != 0 ? a.elements[$0] : b.elements[$0] })
  }

  @inline(__always)
  private func mapped(_ function: (Scalar) -> Scalar) -> Tensor {
    Tensor(shape: shape, elements: elements.map(function))
  }

  @inline(__always)
  private func zipped(_ other: Tensor, _ function: (Scalar, Scalar) -> Scalar) -> Tensor {
    Tensor(shape: shape, elements: zip(elements, other.elements).map(function))
  }
}
