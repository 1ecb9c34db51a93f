import Program

extension Lowering {
  /// exp(x) / Σ exp(x) along the last axis, of a tensor of rank 3.
  ///
  /// The largest number is subtracted first, so that nothing overflows. It cancels, and so counts as
  /// a constant in gradients.
  mutating func softmax(_ x: Value) -> Value {
    let shape = program.shape(of: x)
    let largest = program.reduceMaximum(x, axes: [2])
    hold(largest)
    let powers = program.exp(
      program.subtract(x, program.broadcast(largest, to: shape, axes: [0, 1])))
    let sums = program.reduceSum(powers, axes: [2])
    return program.divide(powers, program.broadcast(sums, to: shape, axes: [0, 1]))
  }
}
