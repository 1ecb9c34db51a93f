import Autodiff
import Compiler
import Diagnostics
import Foundation
import LayerGraph
import Objectives
import Program
import Reference
import Spec
import Testing

@testable import Model

/// Objectives against PyTorch, and what holds a discriminator back against differences of the loss.
@Suite struct ObjectiveTests {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      let loss: Double
      let real: [Double]?
      let fake: [Double]?
    }
    let real: [Double]
    let fake: [Double]
    let objectives: [String: [String: Case]]
  }

  /// Made by `scripts/objective-fixtures`.
  private static let fixture: Fixture = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .appendingPathComponent("Fixtures/Objectives/objectives.json")
    return try! JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
  }()

  private static func compiled(
    _ objective: String, discriminator: String = plainDiscriminator, more: String = ""
  ) throws -> (spec: Spec, graph: LayerGraph) {
    let text = """
      dcgan: 1
      name: tiny
      image: {size: 4, channels: 1}
      latent: {size: 3}
      generator:
        layers:
          - project: {to: [2, 2, 2], norm: none, activation: tanh}
          - conv_transpose: {filters: 1, kernel: 4, stride: 2, norm: none, activation: tanh}
      discriminator:
        layers: \(discriminator)
      objective: \(objective)
      train: {batch: 5, updates: {both: {noise: fresh}}}
      \(more)
      """
    let compilation = Compilation(SourceFile(path: "tiny.yaml", text: text))
    return (try #require(compilation.spec), try #require(compilation.graph))
  }

  private static let plainDiscriminator = """
    [conv: {filters: 3, kernel: 4, stride: 2, norm: none, activation: softplus}, \
    linear: {units: 4, activation: tanh}, linear: {units: 1, norm: none, activation: none}]
    """

  /// Two ways from one layer that meet again, and the input beside what was made of it.
  private static let joinedDiscriminator = """
    [conv: {name: a, filters: 2, kernel: 3, padding: same, activation: softplus}, \
    conv: {name: b, filters: 3, kernel: 3, padding: same, activation: tanh}, \
    take: a, conv: {filters: 3, kernel: 1}, add: {from: b, scale: 0.7}, concatenate: input, \
    linear: {units: 1, norm: none, activation: none}]
    """

  @Test(arguments: fixture.objectives.keys.sorted())
  func lossesAndGradientsArePyTorchs(_ objective: String) throws {
    let game = try #require(Self.compiled(objective).spec.objective.objective)
    for (network, expected) in try #require(Self.fixture.objectives[objective]) {
      var program = ProgramBuilder()
      let (real, fake) = (program.input("real", [7]), program.input("fake", [7]))
      let loss =
        network == "generator"
        ? game.generatorLoss(
          real: game.generatorReadsReal ? real : nil, fake: fake, in: &program)
        : game.discriminatorLoss(real: real, fake: fake, in: &program)
      let gradients = program.gradients(of: loss, withRespectTo: [real, fake])
      let outputs = try ReferenceInterpreter<Double>().run(
        program.program(
          outputs: [("loss", loss), ("d.real", gradients[0]), ("d.fake", gradients[1])]),
        inputs: [
          "real": Tensor(shape: [7], elements: Self.fixture.real),
          "fake": Tensor(shape: [7], elements: Self.fixture.fake),
        ], key: RandomKey(seed: 0, step: 0))
      #expect(abs((outputs["loss"]?.elements[0] ?? .nan) - expected.loss) < 1e-12, "\(network)")
      for (name, values) in [("d.real", expected.real), ("d.fake", expected.fake)] {
        let found = try #require(outputs[name]).elements
        for (a, b) in zip(found, values ?? found.map { _ in 0 }) {
          #expect(abs(a - b) < 1e-12, "\(network) \(name)")
        }
      }
    }
  }

  /// The gradient of each network's loss is what differences of the loss say.
  @Test(arguments: [
    "{r1: 3}", "{r2: 3}", "{loss: hinge, r1: 2, r2: 1}", "{feature_matching: 5}",
    "{instance_noise: 0.3}", "{flipped_labels: 0.4}", "{smoothing: 0.2, r1: 1}",
    "{loss: relativistic_average, instance_noise: 0.1}",
    "{loss: wasserstein, gradient_penalty: 10}",
  ])
  func gradientsAreDifferencesOfTheLoss(_ objective: String) throws {
    try compareWithDifferences(objective, Self.plainDiscriminator)
  }

  /// Through skip connections, also where the gradient itself is part of the loss.
  @Test(arguments: ["{loss: hinge}", "{r1: 2}"])
  func gradientsOfJoinedLayersAreDifferences(_ objective: String) throws {
    try compareWithDifferences(objective, Self.joinedDiscriminator)
  }

  /// Through changes of images, also where the slope at changed images is part of the loss.
  @Test(arguments: [
    "{colour: 1}", "{translation: 0.25}", "{cutout: 0.5}", "{flip: 0.5}",
    "{colour: 1, translation: 0.25, cutout: 0.5, flip: 0.5}",
  ])
  func gradientsThroughAugmentationAreDifferences(_ augmentation: String) throws {
    try compareWithDifferences(
      "{r1: 1}", Self.plainDiscriminator, more: "augment: \(augmentation)")
  }

  /// Beside coarse images, which count as constants, also in a penalty on the slope.
  @Test(arguments: ["{loss: hinge}", "{r1: 2}"])
  func gradientsBesideCoarseImagesAreDifferences(_ objective: String) throws {
    try compareWithDifferences(
      objective,
      """
      [blurred_image: {name: coarse, examples: 2}, take: input, concatenate: coarse, \
      conv: {filters: 3, kernel: 4, stride: 2, norm: none, activation: softplus}, \
      linear: {units: 1, norm: none, activation: none}]
      """)
  }

  /// Of a discriminator that tells classes, too.
  @Test(arguments: ["label_classification", "label_classification: {share: 0.3}"])
  func gradientsOfClassificationAreDifferences(_ layer: String) throws {
    try compareWithDifferences(
      "{loss: hinge}",
      """
      [conv: {filters: 3, kernel: 4, stride: 2, norm: none, activation: softplus}, \
      \(layer), linear: {units: 1, norm: none, activation: none}]
      """, more: "condition: {classes: 3, join: input}")
  }

  /// PyTorch's `cross_entropy` of [[1, −2, 0.5], [100, 0, −300]] and classes 2 and 1.
  @Test func crossEntropyIsPyTorchs() throws {
    var program = ProgramBuilder()
    let (logits, labels) = (program.input("logits", [2, 3]), program.input("labels", [2, 3]))
    let loss = program.crossEntropy(logits, labels: labels)
    let outputs = try ReferenceInterpreter<Double>().run(
      program.program(outputs: [("loss", loss)]),
      inputs: [
        "logits": Tensor(shape: [2, 3], elements: [1, -2, 0.5, 100, 0, -300]),
        "labels": Tensor(shape: [2, 3], elements: [0, 0, 1, 0, 1, 0]),
      ], key: RandomKey(seed: 0, step: 0))
    #expect(abs(try #require(outputs["loss"]).elements[0] - 50.50229845117114) < 1e-12)
  }

  private func compareWithDifferences(
    _ objective: String, _ discriminator: String, more: String = ""
  ) throws {
    let (spec, graph) = try Self.compiled(objective, discriminator: discriminator, more: more)
    let step = TrainingStep(.both, of: spec, graph: graph, batch: 5)
    let key = RandomKey(seed: 3, step: 4)
    for part in step.parts where part.half == .gradients {
      #expect(part.program.violations().isEmpty)
      let inputs = part.program.numbers { 2 * $1 - 1 }
      let interpreter = ReferenceInterpreter<Double>()
      let lossName = TensorName.loss(part.role)
      let outputs = try interpreter.run(part.program, inputs: inputs, key: key)
      func loss(_ name: String, _ place: Int, moved: Double) throws -> Double {
        var other = inputs
        var elements = try #require(inputs[name]).elements
        elements[place] += moved
        other[name] = Tensor(shape: inputs[name]!.shape, elements: elements)
        return try #require(interpreter.run(part.program, inputs: other, key: key)[lossName])
          .elements[0]
      }
      for parameter in graph.network(part.role).parameters
      where parameter.role.isTrained {
        let gradient = try #require(outputs[TensorName.gradient(parameter.name)])
        for place in [0, gradient.elements.count - 1] {
          let width = 1e-5
          let slope =
            (try loss(parameter.name, place, moved: width)
              - loss(parameter.name, place, moved: -width)) / (2 * width)
          let found = gradient.elements[place]
          #expect(
            abs(found - slope) < 1e-6 * max(1, abs(slope)),
            "\(parameter.name)[\(place)]: \(found), differences say \(slope)")
        }
      }
    }
  }

  /// At a linear discriminator's images the slope is its weights: R₁ is ½ γ ‖w‖².
  @Test func slopePenaltyOfALinearFunction() throws {
    var program = ProgramBuilder()
    let images = program.input("images", [3, 2])
    let weights = program.constant(0.5, [3, 2])
    let logits = program.reduceSum(program.multiply(images, weights), axes: [1])
    let slope = program.gradients(of: program.sum(logits), withRespectTo: [images])[0]
    let penalty = Regularization.slopePenalty(10, slope: slope, in: &program)
    let outputs = try ReferenceInterpreter<Double>().run(
      program.program(outputs: [("penalty", penalty)]),
      inputs: ["images": Tensor(shape: [3, 2], elements: [1, 2, 3, 4, 5, 6])],
      key: RandomKey(seed: 0, step: 0))
    #expect(outputs["penalty"]?.elements == [10 / 2 * 0.5])
  }
}
