import Program

extension ProgramBuilder {
  /// −Σ labels·log softmax(logits), a mean over the batch: logits and one-hot labels [N, classes].
  ///
  /// log Σ exp(x) is taken as max + log Σ exp(x − max), so that nothing overflows.
  public mutating func crossEntropy(_ logits: Value, labels: Value) -> Value {
    let shape = shape(of: logits)
    let largest = reduceMaximum(logits, axes: [1])
    let powers = exp(subtract(logits, broadcast(largest, to: shape, axes: [0])))
    let whole = add(largest, log(reduceSum(powers, axes: [1])))
    let wanted = reduceSum(multiply(logits, labels), axes: [1])
    return mean(subtract(whole, wanted))
  }
}
