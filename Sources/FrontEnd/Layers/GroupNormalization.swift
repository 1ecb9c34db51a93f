import Decoding
import Program

/// Gives each group of channels of each image mean 0 and variance 1, then each channel a learned
/// scale and shift.
///
/// Shape: unchanged; `groups` divides the channels. Source: Wu and He 2018.
package struct GroupNormalization: Layer {
  package let groups: Int
  package let options: NormOptions

  package static let summary = "mean 0 and variance 1 for each group of channels of each image"
  package static let source = "Wu and He 2018"

  package init(reading options: inout OptionReader) {
    groups = options.integer(
      "groups", in: 1...SizeLimit.elements, bare: true, help: "divides the channels")
    self.options = NormOptions(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let channels = input.channels
    guard channels % groups == 0 else {
      let divisors = (1...min(channels, 64)).filter { channels % $0 == 0 }
      throw ShapeProblem(
        "\(channels) channels do not divide into \(groups) groups",
        help: ["groups that do: " + divisors.map(String.init).joined(separator: ", ")],
        options: ["groups"])
    }
    guard input.count > groups else {
      throw ShapeProblem(
        "groups of a single number would all become 0", help: ["fewer `groups`"],
        options: ["groups"])
    }
    return input
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    options.parameters(perChannelOf: input)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    // [N, …, C] as [N, …, G, C/G]; a group is normalised over all but N and G.
    let outer = Array(shape.dimensions.dropLast())
    let grouped = lowering.program.reshape(
      x, Shape(outer + [groups, shape[shape.rank - 1] / groups]))
    let axes = Array(1..<shape.rank - 1) + [shape.rank]
    let normalized = lowering.program.normalized(grouped, over: axes, epsilon: options.epsilon)
    return lowering.scaledAndShifted(lowering.program.reshape(normalized, shape), options)
  }

  package static let sample = LayerSample(
    yaml: "group_norm: {groups: 2, epsilon: 0.001}",
    input: .maps(channels: 4, height: 2, width: 1))
}
