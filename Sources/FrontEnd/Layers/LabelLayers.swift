import Decoding
import Program

/// Appends a learned vector of the label, in place of the label itself as `concatenate_labels` does.
///
/// Input  [N, F] or [N, H, W, C]; weight [classes, size]
/// Output [N, F + size] or [N, H, W, C + size]
package struct EmbedLabels: Layer {
  package let size: Int

  package static let summary = "appends a learned vector of the label"
  package static let source = "Mirza and Osindero 2014, section 4.1"

  package init(reading options: inout OptionReader) {
    size = options.integer(
      "size", in: 1...65_536, bare: true, help: "numbers that stand for a label")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    _ = try context.requiredClasses()
    switch input {
    case .vector(let features): return try .vector(features + size).checked()
    case .maps(let channels, let height, let width):
      return try .maps(channels: channels + size, height: height, width: width).checked()
    }
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    [Parameter("weight", [context.classes ?? 1, size], .weight)]
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let vectors = lowering.perLabel(lowering.tensor("weight"))
    guard shape.rank == 4 else { return lowering.program.concatenate([x, vectors], axis: 1) }
    let maps = lowering.program.broadcast(
      vectors, to: [shape[0], shape[1], shape[2], size], axes: [0, 3])
    return lowering.program.concatenate([x, maps], axis: 3)
  }

  package static let sample = LayerSample(
    yaml: "embed_labels: {size: 2}", input: .maps(channels: 2, height: 2, width: 2), classes: 3)
}

/// Scales and shifts each channel by numbers that are learned for each label: after a norm with
/// `scale_and_shift: false` it makes that norm a conditional one.
///
/// Shape: unchanged; weight and bias [classes, C]. Source: de Vries et al. 2017, section 3.2.
package struct LabelScale: Layer {
  package static let summary = "scales and shifts each channel by numbers that its label has"
  package static let source = "de Vries et al. 2017, section 3.2"

  package init(reading options: inout OptionReader) {}

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    _ = try context.requiredClasses()
    return input
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let shape: Shape = [context.classes ?? 1, input.channels]
    return [Parameter("weight", shape, .scale), Parameter("bias", shape, .shift)]
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    let shape = lowering.program.shape(of: x)
    let axes = [0, shape.rank - 1]
    let scale = lowering.program.broadcast(
      lowering.perLabel(lowering.tensor("weight")), to: shape, axes: axes)
    let shift = lowering.program.broadcast(
      lowering.perLabel(lowering.tensor("bias")), to: shape, axes: axes)
    return lowering.program.add(lowering.program.multiply(x, scale), shift)
  }

  package static let sample = LayerSample(
    yaml: "label_scale:", input: .maps(channels: 2, height: 2, width: 2), classes: 3)
}

/// The last layer of a projection discriminator: one number for the image, and the product of its
/// features with a learned vector of its label.
///
/// Input  [N, F], or maps, taken in C, H, W order; weight [1, F], bias [1], embedding [classes, F]
/// Output [N, 1]. Source: Miyato and Koyama 2018, equation 4.
package struct LabelProjection: WeightedLayer {
  package let weights: WeightOption

  package static let summary = "one number for the image, and one for how well it fits its label"
  package static let source = "Miyato and Koyama 2018, equation 4"

  package init(reading options: inout OptionReader) { weights = WeightOption(reading: &options) }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let classes = try context.requiredClasses()
    _ = try SizeLimit.product([classes, input.count], of: "the embedding")
    return .vector(1)
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let embedding = Parameter("embedding", [context.classes ?? 1, input.count], .weight)
    return weights.parameters(Parameter("weight", [1, input.count], .weight), outputAxis: 0)
      + [Parameter("bias", [1], .bias)] + weights.parameters(embedding, outputAxis: 0)
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    2 * input.count
  }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let x = lowering.vector(input)
    let shape = lowering.program.shape(of: x)
    let weight = lowering.weight(weights, outputAxis: 0)
    let embedding = lowering.weight(weights, named: "embedding", outputAxis: 0)
    let own = lowering.program.matmul(x, weight, rightTransposed: true)
    let product = lowering.program.multiply(x, lowering.perLabel(embedding))
    let fit = lowering.program.reshape(
      lowering.program.reduceSum(product, axes: [1]), [shape[0], 1])
    let bias = lowering.program.broadcastAlongLast(lowering.tensor("bias"), to: [shape[0], 1])
    return lowering.program.add(lowering.program.add(own, fit), bias)
  }

  package static let sample = LayerSample(
    yaml: "label_projection:", input: .vector(4), classes: 3)
}

extension LayerContext {
  /// The number of classes, or why there are none.
  func requiredClasses() throws(ShapeProblem) -> Int {
    guard let classes else {
      throw ShapeProblem(
        "there are no labels to join",
        help: ["`condition: {classes: 10}` gives the networks labels"])
    }
    return classes
  }
}

extension Lowering {
  /// The row of `rows` [classes, F] that each image's label has: [N, F].
  mutating func perLabel(_ rows: Value) -> Value {
    guard let labels else {
      preconditionFailure("a conditional network is lowered with labels")
    }
    return program.matmul(labels, rows)
  }
}
