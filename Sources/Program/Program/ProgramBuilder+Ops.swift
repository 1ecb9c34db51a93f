/// The vocabulary of lowering and of gradient rules: primitives by name, and short compositions.
extension ProgramBuilder {
  // MARK: Sources

  public mutating func input(_ name: String, _ shape: Shape) -> Value {
    add(.input(name), shape: shape)
  }

  /// `number` in every element of `shape`.
  public mutating func constant(_ number: Double, _ shape: Shape = .scalar) -> Value {
    let scalar = add(.constant(number), shape: .scalar)
    return broadcast(scalar, to: shape, axes: [])
  }

  public mutating func random(
    _ distribution: Op.Distribution, _ shape: Shape, stream: Int
  ) -> Value {
    add(.random(distribution, stream: stream), shape: shape)
  }

  // MARK: Elementwise

  public mutating func unary(_ op: Op.Unary, _ x: Value) -> Value { add(.unary(op), [x]) }
  public mutating func negate(_ x: Value) -> Value { unary(.negate, x) }
  public mutating func exp(_ x: Value) -> Value { unary(.exp, x) }
  public mutating func log(_ x: Value) -> Value { unary(.log, x) }
  public mutating func logPlusOne(_ x: Value) -> Value { unary(.logPlusOne, x) }
  public mutating func tanh(_ x: Value) -> Value { unary(.tanh, x) }
  public mutating func logistic(_ x: Value) -> Value { unary(.logistic, x) }
  public mutating func squareRoot(_ x: Value) -> Value { unary(.squareRoot, x) }
  public mutating func reciprocalSquareRoot(_ x: Value) -> Value {
    unary(.reciprocalSquareRoot, x)
  }
  public mutating func square(_ x: Value) -> Value { multiply(x, x) }

  public mutating func binary(_ op: Op.Binary, _ a: Value, _ b: Value) -> Value {
    add(.binary(op), [a, b])
  }
  public mutating func add(_ a: Value, _ b: Value) -> Value { binary(.add, a, b) }
  public mutating func subtract(_ a: Value, _ b: Value) -> Value { binary(.subtract, a, b) }
  public mutating func multiply(_ a: Value, _ b: Value) -> Value { binary(.multiply, a, b) }
  public mutating func divide(_ a: Value, _ b: Value) -> Value { binary(.divide, a, b) }
  public mutating func maximum(_ a: Value, _ b: Value) -> Value { binary(.maximum, a, b) }
  public mutating func greater(_ a: Value, _ b: Value) -> Value { binary(.greater, a, b) }
  public mutating func select(_ mask: Value, _ a: Value, _ b: Value) -> Value {
    add(.select, [mask, a, b])
  }

  /// log(1 + exp x), written so that no exponential overflows: max(x, 0) + log(1 + exp(−|x|)).
  public mutating func softplus(_ x: Value) -> Value {
    let magnitude = maximum(x, negate(x))
    let tail = logPlusOne(exp(negate(magnitude)))
    return add(maximum(x, constant(0, shape(of: x))), tail)
  }

  /// x times a number.
  public mutating func scale(_ x: Value, by factor: Double) -> Value {
    multiply(x, constant(factor, shape(of: x)))
  }

  /// x divided by a number; exacter than scaling by its reciprocal, which is rounded.
  public mutating func divide(_ x: Value, by divisor: Double) -> Value {
    divide(x, constant(divisor, shape(of: x)))
  }

  /// x plus a number.
  public mutating func offset(_ x: Value, by number: Double) -> Value {
    add(x, constant(number, shape(of: x)))
  }

  // MARK: Movement

  public mutating func broadcast(_ x: Value, to shape: Shape, axes: [Int]) -> Value {
    add(.broadcast(axes: axes), [x], shape: shape)
  }

  /// A vector [C] repeated along all but the last axis of `shape` [..., C].
  public mutating func broadcastAlongLast(_ x: Value, to shape: Shape) -> Value {
    broadcast(x, to: shape, axes: [shape.rank - 1])
  }

  public mutating func reshape(_ x: Value, _ shape: Shape) -> Value {
    add(.reshape, [x], shape: shape)
  }

  public mutating func transpose(_ x: Value, _ permutation: [Int]) -> Value {
    add(.transpose(permutation: permutation), [x])
  }

  public mutating func pad(
    _ x: Value, low: [Int], high: [Int], interior: [Int]? = nil, value: Double = 0
  ) -> Value {
    let interior = interior ?? low.map { _ in 0 }
    return add(.pad(low: low, high: high, interior: interior, value: value), [x])
  }

  public mutating func slice(
    _ x: Value, start: [Int], limit: [Int], stride: [Int]? = nil
  ) -> Value {
    add(.slice(start: start, limit: limit, stride: stride ?? start.map { _ in 1 }), [x])
  }

  public mutating func concatenate(_ operands: [Value], axis: Int) -> Value {
    add(.concatenate(axis: axis), operands)
  }

  // MARK: Between shards

  public mutating func meanOverShards(_ x: Value) -> Value { add(.meanOverShards, [x]) }

  // MARK: Contraction

  public mutating func reduceSum(_ x: Value, axes: [Int]) -> Value {
    add(.reduceSum(axes: axes), [x])
  }

  public mutating func reduceMaximum(_ x: Value, axes: [Int]) -> Value {
    add(.reduceMaximum(axes: axes), [x])
  }

  /// The sum of all elements, a scalar.
  public mutating func sum(_ x: Value) -> Value { reduceSum(x, axes: Array(0..<shape(of: x).rank)) }

  /// The mean of all elements, a scalar.
  public mutating func mean(_ x: Value) -> Value {
    divide(sum(x), by: Double(shape(of: x).count))
  }

  public mutating func matmul(
    _ left: Value, _ right: Value, leftTransposed: Bool = false, rightTransposed: Bool = false
  ) -> Value {
    add(.matmul(leftTransposed: leftTransposed, rightTransposed: rightTransposed), [left, right])
  }

  public mutating func convolve(
    _ x: Value, _ kernel: Value, _ geometry: ConvolutionGeometry
  ) -> Value {
    add(.convolve(geometry), [x, kernel])
  }

  public mutating func convolutionInputGradient(
    _ dy: Value, _ kernel: Value, _ geometry: ConvolutionGeometry, height: Int, width: Int
  ) -> Value {
    add(.convolutionInputGradient(geometry, height: height, width: width), [dy, kernel])
  }

  public mutating func convolutionKernelGradient(
    _ x: Value, _ dy: Value, _ geometry: ConvolutionGeometry, kernelHeight: Int, kernelWidth: Int
  ) -> Value {
    add(
      .convolutionKernelGradient(geometry, kernelHeight: kernelHeight, kernelWidth: kernelWidth),
      [x, dy])
  }
}
