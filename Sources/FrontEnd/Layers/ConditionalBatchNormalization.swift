import Decoding
import Program

/// Batchnorm whose scale and shift are learned for each label: `batch_norm` without its own, and
/// then `label_scale`.
///
/// Shape: unchanged; weight and bias [classes, C]. Source: de Vries et al. 2017, section 3.2; Miyato
/// and Koyama 2018, section 5, for generators.
package struct ConditionalBatchNormalization: Layer {
  /// The norm before scale and shift.
  package let norm: BatchNormalization
  private let scale: LabelScale

  package static let summary =
    "mean 0 and variance 1 for each channel over the batch, then a scale and shift that the label has"
  package static let source = "de Vries et al. 2017, section 3.2"

  package init(reading options: inout OptionReader) {
    norm = BatchNormalization(readingUnscaled: &options)
    scale = LabelScale(reading: &options)
  }

  package func outputShape(
    for input: FeatureShape, _ context: LayerContext
  ) throws(ShapeProblem) -> FeatureShape {
    try scale.outputShape(for: norm.outputShape(for: input, context), context)
  }

  package func parameters(for input: FeatureShape, _ context: LayerContext) -> [Parameter] {
    scale.parameters(for: input, context) + norm.parameters(for: input, context)
  }

  package func lower(_ x: Value, into lowering: inout Lowering) -> Value {
    scale.lower(norm.lower(x, into: &lowering), into: &lowering)
  }

  package static let sample = LayerSample(
    yaml: "conditional_batch_norm: {epsilon: 0.001}",
    input: .maps(channels: 2, height: 2, width: 3), classes: 3)
}

extension Layer {
  /// The batchnorm that the layer is or holds.
  package var batchNormalization: BatchNormalization? {
    self as? BatchNormalization ?? (self as? ConditionalBatchNormalization)?.norm
  }
}
