import Program

/// The steps that all normalisations share.
extension ProgramBuilder {
  /// Mean and biased variance of x over `axes`, and over all shards of the batch if asked for; both
  /// have the shape of the other axes.
  mutating func moments(
    _ x: Value, over axes: [Int], amongShards: Bool = false
  ) -> (mean: Value, variance: Value) {
    let count = Double(axes.reduce(1) { $0 * shape(of: x)[$1] })
    var mean = divide(reduceSum(x, axes: axes), by: count)
    if amongShards { mean = meanOverShards(mean) }
    let centred = subtract(x, spread(mean, over: axes, of: x))
    var variance = divide(reduceSum(square(centred), axes: axes), by: count)
    if amongShards { variance = meanOverShards(variance) }
    return (mean, variance)
  }

  /// (x − mean) / √(variance + epsilon), where both were taken over `axes` of x.
  mutating func normalized(
    _ x: Value, mean: Value, variance: Value, over axes: [Int], epsilon: Double
  ) -> Value {
    let centred = subtract(x, spread(mean, over: axes, of: x))
    let inverseDeviation = reciprocalSquareRoot(offset(variance, by: epsilon))
    return multiply(centred, spread(inverseDeviation, over: axes, of: x))
  }

  /// x normalised by its own moments over `axes`.
  mutating func normalized(_ x: Value, over axes: [Int], epsilon: Double) -> Value {
    let (mean, variance) = moments(x, over: axes)
    return normalized(x, mean: mean, variance: variance, over: axes, epsilon: epsilon)
  }

  /// Repeats a value that lacks `axes` of x along them.
  private mutating func spread(_ value: Value, over axes: [Int], of x: Value) -> Value {
    let shape = shape(of: x)
    let kept = shape.dimensions.indices.filter { !axes.contains($0) }
    return broadcast(value, to: shape, axes: Array(kept))
  }
}
