import Decoding
import Program

/// A second output of the discriminator, the class of an image; its input goes on to the next layer.
///
/// The loss of both networks gets `share` times the cross-entropy of the classes of generated images,
/// and that of the discriminator also of real ones: an auxiliary classifier.
///
/// Input  [N, F], or maps, taken in C, H, W order; weight [classes, F], bias [classes]
/// Output unchanged. Source: Odena et al. 2017, section 3.
package struct LabelClassification: Layer {
  package let share: Double

  package static let summary = "lets the discriminator tell the class, too; passes its input on"
  package static let source = "Odena et al. 2017"

  package init(reading options: inout OptionReader) {
    share = options.number(
      "share", default: 1, in: NumberRange(0...1_000_000), bare: true,
      help: "factor of the cross-entropy of classes in the losses of both networks")
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    let classes = try context.requiredClasses()
    _ = try SizeLimit.product([classes, input.count], of: "the weight")
    guard !context.isGenerator else {
      throw ShapeProblem(
        "only the discriminator tells classes",
        help: ["in the generator, `concatenate_labels` or `label_scale` say which class to make"])
    }
    return input
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    let classes = context.classes ?? 1
    return [
      Parameter("weight", [classes, input.count], .weight), Parameter("bias", [classes], .bias),
    ]
  }

  package func multiplyAdds(for input: FeatureShape, _ context: LayerContext) -> Int {
    input.count * (context.classes ?? 1)
  }

  package func lower(_ input: Value, into lowering: inout Lowering) -> Value {
    let x = lowering.vector(input)
    let weight = lowering.tensor("weight")
    let shape: Shape = [lowering.program.shape(of: x)[0], lowering.program.shape(of: weight)[0]]
    let product = lowering.program.matmul(x, weight, rightTransposed: true)
    let bias = lowering.program.broadcastAlongLast(lowering.tensor("bias"), to: shape)
    lowering.classify(lowering.program.add(product, bias), share: share)
    return input
  }

  package static let sample = LayerSample(
    yaml: "label_classification:", input: .vector(4), classes: 3)
}
