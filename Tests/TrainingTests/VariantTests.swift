import Model
import Testing

@testable import Training

/// Variants that no shipped spec has, each trained for some steps.
@Suite struct VariantTests {
  struct Variant: Sendable, CustomTestStringConvertible {
    let name: String
    var generator = """
      [project: {to: [4, 4, 4]}, batch_norm, relu, conv_transpose: {filters: 1, kernel: 4, stride: 2}, tanh]
      """
    var discriminator =
      "[conv: {filters: 4, kernel: 4, stride: 2, activation: {leaky_relu: 0.2}}, linear: {units: 1}]"
    var objective = "{loss: minimax}"
    var more = ""

    var testDescription: String { name }

    var text: String {
      """
      dcgan: 1
      name: variant
      image: {size: 8, channels: 1}
      latent: {size: 6}
      generator: {layers: \(generator)}
      discriminator: {layers: \(discriminator)}
      objective: \(objective)
      train: {batch: 8}
      \(more)
      """
    }
  }

  static let variants: [Variant] = [
    Variant(
      name: "virtual batchnorm",
      generator: """
        [reference_batch: 5, project: {to: [4, 4, 4], norm: virtual_batch, activation: relu}, \
        conv_transpose: {filters: 1, kernel: 4, stride: 2}, tanh]
        """),
    Variant(
      name: "calibrated batchnorm",
      generator: """
        [project: {to: [4, 4, 4], norm: {batch: {statistics: calibrated}}}, relu, \
        conv_transpose: {filters: 1, kernel: 4, stride: 2}, tanh]
        """),
    Variant(
      name: "batchnorm of the batch in both networks",
      generator: """
        [project: {to: [4, 4, 4], norm: {batch: {statistics: batch}}}, relu, \
        conv_transpose: {filters: 1, kernel: 4, stride: 2}, tanh]
        """,
      discriminator: """
        [conv: {filters: 4, kernel: 4, stride: 2, norm: {batch: {statistics: batch}}}, \
        linear: {units: 1}]
        """),
    Variant(
      name: "maxout",
      discriminator: """
        [conv: {filters: 8, kernel: 4, stride: 2, activation: {maxout: 2}}, flatten, \
        linear: {units: 6, activation: {maxout: 3}}, linear: {units: 1}]
        """),
    Variant(
      name: "grouped, dilated and oblong kernels",
      generator: """
        [project: {to: [4, 4, 4]}, batch_norm, relu, conv: {filters: 4, kernel: [3, 1], groups: 2}, \
        conv_transpose: {filters: 2, kernel: 4, stride: 2, groups: 2}, \
        conv: {filters: 1, kernel: 3, dilation: 2}, tanh]
        """,
      discriminator: """
        [conv: {filters: 4, kernel: [1, 3]}, conv: {filters: 4, kernel: 3, groups: 4, stride: 2}, \
        linear: {units: 1}]
        """),
    Variant(
      name: "auxiliary classifier",
      generator: """
        [concatenate_labels, project: {to: [4, 4, 4]}, batch_norm, relu, \
        conv_transpose: {filters: 1, kernel: 4, stride: 2}, tanh]
        """,
      discriminator: """
        [conv: {filters: 4, kernel: 4, stride: 2}, leaky_relu, label_classification, \
        linear: {units: 1}]
        """, more: "condition: {classes: 10}"),
    Variant(
      name: "augmentation with a penalty on the slope", objective: "{loss: minimax, r1: 1}",
      more: "augment: {colour: 1, translation: 0.125, cutout: 0.5, flip: 0.5}"),
    Variant(
      name: "self-attention in pieces",
      generator: """
        [project: {to: [4, 4, 4]}, batch_norm, relu, self_attention: {reduction: 2, pool: 2}, \
        conv_transpose: {filters: 1, kernel: 4, stride: 2}, tanh]
        """, more: "augment: {cutout: 0.5}\ninit: {weight: {normal: 0.1}}"),
  ]

  /// Losses are numbers, and every trained tensor moves.
  @Test(arguments: variants)
  func trains(_ variant: Variant) throws {
    let session = try Fixture.session(variant.text, threads: 2)
    try session.initialize()
    try Fixture.fillImages(of: session)
    let trained = session.tensors.filter { $0.parameter.role.isTrained && !$0.isOptimizerState }
    let before = try trained.map { try session.state.read($0.name) }
    for _ in 0..<4 {
      let metrics = try session.run()
      #expect(metrics.discriminatorLoss?.isFinite == true)
      #expect(metrics.generatorLoss?.isFinite == true)
    }
    for (tensor, old) in zip(trained, before) {
      #expect(try session.state.read(tensor.name) != old, "\(tensor.name) stays")
    }
  }
}
