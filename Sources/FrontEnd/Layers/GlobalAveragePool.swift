import Decoding
import Program

/// The mean of each channel over all positions.
///
/// Input  [N, H, W, C]
/// Output [N, C]
///
/// Source: Lin et al. 2014; Radford et al. 2015, section 3, found it stabler but slower to converge.
package struct GlobalAveragePool: Layer {
  package static let summary = "the mean of each channel"
  package static let source = "Lin et al. 2014"

  package init(reading options: inout OptionReader) {}

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    .vector(try input.requiredMaps().channels)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let sums = lowering.program.reduceSum(x, axes: [1, 2])
    return lowering.program.scale(sums, by: 1 / Double(shape[1] * shape[2]))
  }

  package static let sample = LayerSample(
    yaml: "global_average_pool:", input: .maps(channels: 3, height: 2, width: 2))
}
