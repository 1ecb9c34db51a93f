import Program

extension Lowering {
  /// exp(x) / Σ exp(x) along the last axis, of a tensor of rank 3.
  ///
  /// The largest number is subtracted first, so that nothing overflows. It cancels, and so counts as
  /// a constant in gradients.
  mutating func softmax(_ x: Value) -> Value {
    let shape = program.shape(of: x)
    let largest = program.maximum(along: 2, of: x)
    hold(largest)
    let powers = program.exp(
      program.subtract(x, program.broadcast(largest, to: shape, axes: [0, 1])))
    let sums = program.reduceSum(powers, axes: [2])
    return program.divide(powers, program.broadcast(sums, to: shape, axes: [0, 1]))
  }
}

extension ProgramBuilder {
  /// The largest number along an axis, which vanishes from the shape: found by halving the axis.
  mutating func maximum(along axis: Int, of x: Value) -> Value {
    var best = x
    while case let shape = shape(of: best), shape[axis] > 1 {
      // With an odd size the middle is in both halves.
      let half = (shape[axis] + 1) / 2
      var (start, limit) = ([Int](repeating: 0, count: shape.rank), shape.dimensions)
      limit[axis] = half
      let low = slice(best, start: start, limit: limit)
      (start[axis], limit[axis]) = (shape[axis] - half, shape[axis])
      best = maximum(low, slice(best, start: start, limit: limit))
    }
    var kept = shape(of: best).dimensions
    kept.remove(at: axis)
    return reshape(best, Shape(kept))
  }
}
