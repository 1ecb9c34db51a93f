import Decoding
import Program

/// Appends to the features of each image how close the other images of the batch are to it.
///
/// A learned tensor makes `kernels` rows of `size` numbers of an image's features; for each row the
/// sum over the other images of exp(−L₁ distance) is appended.
///
/// Input  [N, F], or maps, taken in C, H, W order; weight [F, kernels·size]
/// Output [N, F + kernels]. Source: Salimans et al. 2016, section 3.2.
package struct MinibatchDiscrimination: Layer {
  package let kernels: Int
  package let size: Int

  package static let summary = "appends how close the other images of the batch are"
  package static let source = "Salimans et al. 2016, section 3"

  package init(reading options: inout OptionReader) {
    kernels = options.integer(
      "kernels", default: 50, in: 1...4096, bare: true, help: "numbers that are appended")
    size = options.integer("size", default: 5, in: 1...4096, help: "numbers in a row")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    _ = try SizeLimit.product([input.count, kernels * size], of: "the weight")
    return try .vector(input.count + kernels).checked()
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    [Parameter("weight", [input.count, kernels * size], .weight)]
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    input.count * kernels * size
  }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let x = lowering.vector(input)
    let batch = lowering.program.shape(of: x)[0]
    let rows = lowering.program.reshape(
      lowering.program.matmul(x, lowering.tensor("weight")), [batch, kernels, size])
    let pairs: Shape = [batch, batch, kernels, size]
    let difference = lowering.program.subtract(
      lowering.program.broadcast(rows, to: pairs, axes: [0, 2, 3]),
      lowering.program.broadcast(rows, to: pairs, axes: [1, 2, 3]))
    let size = lowering.program.maximum(difference, lowering.program.negate(difference))
    let distance = lowering.program.reduceSum(size, axes: [3])  // [N, N, kernels]
    let closeness = lowering.program.exp(lowering.program.negate(distance))
    // An image is at distance 0 from itself, which counts for 1.
    let others = lowering.program.offset(
      lowering.program.reduceSum(closeness, axes: [1]), by: -1)
    return lowering.program.concatenate([x, others], axis: 1)
  }

  package static let sample = LayerSample(
    yaml: "minibatch_discrimination: {kernels: 3, size: 2}", input: .vector(4))
}
