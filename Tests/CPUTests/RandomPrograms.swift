import Program
import TestSupport

/// Random programs over all operations, whose numbers stay moderate.
struct RandomProgram {
  private(set) var program = Program(instructions: [], outputs: [])
  private(set) var inputs: [String: [Float]] = [:]

  private var generator: TestGenerator
  private var builder = ProgramBuilder()
  private var values: [Value] = []

  /// Also with sizes beyond a block (512) and a task (16384), and odd ones.
  private static let shapes: [Shape] = [
    [], [1], [3], [7], [64], [2, 3], [5, 1, 4], [4, 4, 4, 3], [2, 6, 6, 5], [3, 1, 1, 8],
    [6, 2000],
    [33, 1100], [130, 8, 16], [2500, 3], [40, 25, 20], [9, 1030, 2],
  ]

  init(seed: Int) {
    generator = TestGenerator(seed: seed)
    var shapes = (0..<3).map { _ in Self.shapes.randomElement(using: &generator)! }
    shapes.append([2, 5, 6, 3])
    for (index, shape) in shapes.enumerated() { addInput("x\(index)", shape) }
    for _ in 0..<Int.random(in: 5...30, using: &generator) { grow() }
    var outputs: [(name: String, value: Value)] = []
    for index in 0..<Int.random(in: 1...4, using: &generator) {
      outputs.append(("y\(index)", values.randomElement(using: &generator)!))
    }
    outputs.append(("last", values.last!))
    // State: outputs that replace inputs of their shape, which other outputs may still read.
    for (index, shape) in shapes.enumerated() where Bool.random(using: &generator) {
      let candidates = values.filter { builder.shape(of: $0) == shape }
      outputs.append(("x\(index)", candidates.randomElement(using: &generator)!))
    }
    program = builder.program(outputs: outputs)
  }

  private mutating func addInput(_ name: String, _ shape: Shape) {
    values.append(builder.input(name, shape))
    inputs[name] = (0..<shape.count).map { _ in Float.random(in: -1...1, using: &generator) }
  }

  private mutating func pick(_ condition: (Shape) -> Bool = { _ in true }) -> Value? {
    values.filter { condition(builder.shape(of: $0)) }.randomElement(using: &generator)
  }

  /// Some value of the shape: an existing one, or a broadcast number.
  private mutating func other(_ shape: Shape) -> Value {
    if let value = pick({ $0 == shape }), Int.random(in: 0..<4, using: &generator) > 0 {
      return value
    }
    return builder.constant(Double.random(in: -1...1, using: &generator), shape)
  }

  private mutating func keep(_ value: Value) {
    if builder.shape(of: value).count <= 100_000 { values.append(value) }
  }

  /// Brings large numbers back, so that chains do not overflow.
  private mutating func tamed(_ value: Value, _ count: Int) -> Value {
    builder.scale(value, by: 1 / Double(max(1, count)).squareRoot())
  }

  private mutating func grow() {
    let x = pick()!
    let shape = builder.shape(of: x)
    switch Int.random(in: 0..<22, using: &generator) {
    case 0...2: growUnary(x)
    case 3...6: growBinary(x, other(shape))
    case 7: growSelect(x)
    case 8...10: growBroadcast(x)
    case 11...13:
      let axes = shape.dimensions.indices.filter { _ in Bool.random(using: &generator) }
      let count = axes.reduce(1) { $0 * shape[$1] }
      let sum = builder.reduceSum(x, axes: axes)
      keep(tamed(sum, count))
    case 14: keep(builder.reshape(x, Shape([shape.count])))
    case 15: keep(builder.transpose(x, shape.dimensions.indices.shuffled(using: &generator)))
    case 16: growPad(x)
    case 17: growSlice(x)
    case 18: growMatmul()
    case 19: growDeviations(x)
    case 20: growSlopes(x)
    default: growConvolution()
    }
  }

  private mutating func growUnary(_ x: Value) {
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: keep(builder.negate(x))
    case 1: keep(builder.exp(builder.tanh(x)))
    case 2: keep(builder.log(builder.offset(builder.square(x), by: 0.5)))
    case 3: keep(builder.logPlusOne(builder.square(x)))
    case 4: keep(builder.tanh(x))
    case 5: keep(builder.logistic(x))
    case 6: keep(builder.squareRoot(builder.offset(builder.square(x), by: 0.1)))
    default: keep(builder.reciprocalSquareRoot(builder.offset(builder.square(x), by: 0.1)))
    }
  }

  private mutating func growBinary(_ x: Value, _ y: Value) {
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: keep(builder.add(x, y))
    case 1: keep(builder.subtract(x, y))
    case 2: keep(builder.multiply(builder.tanh(x), y))
    case 3: keep(builder.divide(x, builder.offset(builder.square(y), by: 0.5)))
    case 4: keep(builder.maximum(x, y))
    default: keep(builder.add(builder.multiply(x, y), builder.scale(x, by: 0.5)))
    }
  }

  /// Continuous where the mask changes: else rounding would decide the result.
  private mutating func growSelect(_ x: Value) {
    let shape = builder.shape(of: x)
    let y = other(shape)
    let distance = builder.tanh(builder.subtract(x, y))
    let above = builder.multiply(distance, other(shape))
    let below = builder.multiply(distance, other(shape))
    keep(builder.select(builder.greater(x, y), above, below))
  }

  private mutating func growBroadcast(_ x: Value) {
    let shape = builder.shape(of: x)
    var sizes: [Int] = []
    var axes: [Int] = []
    for axis in 0...shape.rank {
      if Int.random(in: 0..<3, using: &generator) == 0 {
        sizes.append([2, 3, 50].randomElement(using: &generator)!)
      }
      if axis < shape.rank {
        axes.append(sizes.count)
        sizes.append(shape[axis])
      }
    }
    guard sizes.reduce(1, *) <= 100_000 else { return }
    let spread = builder.broadcast(x, to: Shape(sizes), axes: axes)
    keep(spread)
    if sizes.count > 1, Bool.random(using: &generator) {
      keep(builder.add(builder.square(spread), other(Shape(sizes))))
    }
  }

  /// The variance along the first axes, and a sum of products with the deviations.
  private mutating func growDeviations(_ x: Value) {
    let shape = builder.shape(of: x)
    guard shape.rank > 0 else { return }
    let summed = Array(0..<Int.random(in: 1...shape.rank, using: &generator))
    let rest = Array(shape.dimensions.indices.dropFirst(summed.count))
    let count = summed.reduce(1) { $0 * shape[$1] }
    func mean(_ value: Value) -> Value {
      builder.divide(builder.reduceSum(value, axes: summed), by: Double(count))
    }
    let spread = builder.broadcast(mean(x), to: shape, axes: rest)
    let deviations = builder.subtract(x, spread)
    let variance = mean(builder.square(deviations))
    keep(variance)
    let factor = builder.reciprocalSquareRoot(builder.offset(variance, by: 0.1))
    let normal = builder.multiply(deviations, builder.broadcast(factor, to: shape, axes: rest))
    keep(normal)
    keep(mean(builder.multiply(normal, other(shape))))
  }

  /// The two terms of a leaky ReLU's gradient; continuous where the slope changes.
  private mutating func growSlopes(_ x: Value) {
    let shape = builder.shape(of: x)
    let (zero, slope) = (builder.constant(0, shape), Double.random(in: 0...0.9, using: &generator))
    let mask = builder.greater(x, builder.scale(x, by: slope))
    let gradient = builder.multiply(builder.tanh(x), other(shape))
    let above = builder.select(mask, gradient, zero)
    let below = builder.scale(builder.select(mask, zero, gradient), by: slope)
    keep(builder.add(below, above))
    keep(builder.add(builder.add(above, x), x))
  }

  private mutating func growPad(_ x: Value) {
    let shape = builder.shape(of: x)
    func some(_ range: ClosedRange<Int>) -> [Int] {
      shape.dimensions.map { _ in Int.random(in: range, using: &generator) }
    }
    let (low, high, interior) = (some(0...2), some(0...1), some(0...1))
    guard shape.count * 16 < 100_000 else { return }
    keep(builder.pad(x, low: low, high: high, interior: interior, value: 0.25))
    guard let axis = shape.dimensions.indices.randomElement(using: &generator) else { return }
    keep(builder.concatenate([x, other(shape), x], axis: axis))
  }

  private mutating func growSlice(_ x: Value) {
    let shape = builder.shape(of: x)
    let start = shape.dimensions.map { Int.random(in: 0..<$0, using: &generator) }
    let limit = zip(start, shape.dimensions).map {
      Int.random(in: ($0 + 1)...$1, using: &generator)
    }
    let stride = shape.dimensions.map { _ in Int.random(in: 1...2, using: &generator) }
    keep(builder.slice(x, start: start, limit: limit, stride: stride))
  }

  private mutating func growMatmul() {
    guard let x = pick({ $0.count % 12 == 0 && $0.count <= 1200 }) else { return }
    let left = builder.reshape(x, [builder.shape(of: x).count / 12, 12])
    let right = builder.random(.normal, [12, 5], stream: 1)
    keep(tamed(builder.matmul(left, right), 12))
    keep(tamed(builder.matmul(left, left, leftTransposed: true), builder.shape(of: left)[0]))
    keep(tamed(builder.matmul(left, left, rightTransposed: true), 12))
    keep(builder.reduceMaximum(left, axes: [0]))
    keep(builder.reduceMaximum(left, axes: [1]))
    let rows = builder.reshape(x, [builder.shape(of: x).count / 12, 3, 4])
    keep(tamed(builder.matmul(rows, rows, leftTransposed: true), 3))
    keep(tamed(builder.matmul(rows, rows, rightTransposed: true), 4))
  }

  private mutating func growConvolution() {
    guard let x = pick({ $0.rank == 4 && $0[1] >= 3 && $0[2] >= 3 && $0.count < 5000 }) else {
      return
    }
    let shape = builder.shape(of: x)
    let geometry = ConvolutionGeometry(stride: Int.random(in: 1...2, using: &generator), padding: 1)
    let kernel = builder.random(.uniform, [3, 3, shape[3], 4], stream: 2)
    let y = tamed(builder.convolve(x, kernel, geometry), 9 * shape[3])
    keep(y)
    keep(
      tamed(
        builder.convolutionInputGradient(
          y, kernel, geometry, height: shape[1], width: shape[2]), 36))
    let gradient = builder.convolutionKernelGradient(
      x, y, geometry, kernelHeight: 3, kernelWidth: 3)
    keep(tamed(gradient, shape[0] * shape[1] * shape[2]))
  }
}
