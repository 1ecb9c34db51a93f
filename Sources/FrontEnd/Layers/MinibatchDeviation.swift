import Decoding
import Program

/// Appends one channel that says how much the images of a group differ from each other.
///
/// Its value is the standard deviation over the group, averaged over all features: the same at every
/// position and for every image of the group. A discriminator sees a collapsed generator by it.
///
/// Input  [N, F] or [N, H, W, C]
/// Output [N, F + 1] or [N, H, W, C + 1]; groups are of images N/G apart, and the whole batch is one
/// where G does not divide it. Source: Karras et al. 2018, section 3.
package struct MinibatchDeviation: Layer {
  package let group: Int

  package static let summary = "appends how much the images of a group differ"
  package static let source = "Karras et al. 2018, section 3"

  /// Added to the variance, so that its root has a slope at 0.
  private static let epsilon = 1e-8

  package init(reading options: inout OptionReader) {
    group = options.integer(
      "group", default: 4, in: 2...65_536, bare: true, help: "images in a group")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    switch input {
    case .vector(let size): try .vector(size + 1).checked()
    case .maps(let channels, let height, let width):
      try .maps(channels: channels + 1, height: height, width: width).checked()
    }
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let batch = shape[0]
    let size = batch.isMultiple(of: group) ? group : batch
    let count = shape.count / batch
    // [G, M, F]: image g·M + m is the g-th of group m.
    let groups = lowering.program.reshape(x, [size, batch / size, count])
    let mean = lowering.program.scale(
      lowering.program.reduceSum(groups, axes: [0]), by: 1 / Double(size))
    let spread: Shape = [size, batch / size, count]
    let distance = lowering.program.subtract(
      groups, lowering.program.broadcast(mean, to: spread, axes: [1, 2]))
    let variance = lowering.program.scale(
      lowering.program.reduceSum(lowering.program.square(distance), axes: [0]),
      by: 1 / Double(size))
    let deviation = lowering.program.squareRoot(
      lowering.program.offset(variance, by: Self.epsilon))
    let average = lowering.program.scale(
      lowering.program.reduceSum(deviation, axes: [1]), by: 1 / Double(count))  // [M]
    let ofImages = lowering.program.reshape(
      lowering.program.broadcast(average, to: [size, batch / size], axes: [1]), [batch])
    var last = shape.dimensions
    last[last.count - 1] = 1
    let channel = lowering.program.broadcast(ofImages, to: Shape(last), axes: [0])
    return lowering.program.concatenate([x, channel], axis: shape.rank - 1)
  }

  package static let sample = LayerSample(
    yaml: "minibatch_deviation: {group: 2}", input: .maps(channels: 2, height: 2, width: 2))
}
