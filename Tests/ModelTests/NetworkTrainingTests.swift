import Compiler
import Diagnostics
import LayerGraph
import Program
import Reference
import Spec
import Testing

@testable import Model

/// What each network may have of its own in training, in double precision.
@Suite struct NetworkTrainingTests {
  private static func text(_ train: String, norm: String = "none") -> String {
    """
    dcgan: 1
    name: tiny
    image: {size: 4, channels: 1}
    latent: {size: 3}
    generator:
      layers:
        - project: {to: [2, 2, 2], norm: \(norm), activation: relu}
        - conv_transpose: {filters: 1, kernel: 4, stride: 2, norm: none, activation: tanh}
    discriminator:
      layers:
        - conv: {filters: 2, kernel: 4, stride: 2, norm: none, activation: {leaky_relu: 0.2}}
        - linear: {units: 1, norm: none, activation: sigmoid}
    train: {batch: 6, \(train)}
    """
  }

  private static func compiled(_ text: String) throws -> (spec: Spec, graph: LayerGraph) {
    let compilation = Compilation(SourceFile(path: "tiny.yaml", text: text))
    return (try #require(compilation.spec), try #require(compilation.graph))
  }

  /// Learning rates of 1, so that a plain step is the gradient.
  private static func inputs(of program: Program) -> [String: Tensor<Double>] {
    program.numbers { name, number in name.hasPrefix("rate.") ? 1 : number - 0.3 }
  }

  /// What a step of both networks makes of the same numbers.
  private static func step(
    _ train: String, norm: String = "none", options: TrainingStep.Options = .init()
  ) throws -> (before: [String: Tensor<Double>], after: [String: Tensor<Double>]) {
    let (spec, graph) = try compiled(text(train, norm: norm))
    let step = TrainingStep(.both, of: spec, graph: graph, batch: 6, options: options)
    #expect(step.program.violations().isEmpty)
    let inputs = inputs(of: step.program)
    let after = try ReferenceInterpreter<Double>().run(
      step.program, inputs: inputs, key: RandomKey(seed: 3, step: 4))
    return (inputs, after)
  }

  /// An optimiser of one network says what differs from that of both, where the rule is the same.
  @Test func anOptimizerOfOneNetworkSaysWhatDiffers() throws {
    let (spec, _) = try Self.compiled(
      Self.text(
        """
        optimizer: {adam: {learning_rate: 0.1, beta1: 0, beta2: 0.9}}, \
        generator: {optimizer: {adam: {learning_rate: 0.2}}}, \
        discriminator: {optimizer: sgd}
        """))
    let expanded = spec.expandedYAML
    #expect(
      expanded.contains("generator: {optimizer: {adam: {learning_rate: 0.2, beta1: 0, beta2: 0.9,"))
    #expect(expanded.contains("discriminator: {optimizer: {sgd: {learning_rate: 0.0002,"))
    #expect(try Self.compiled(expanded).spec.expandedYAML == expanded)
  }

  private static let sgd = "optimizer: {sgd: {learning_rate: 1}}"

  /// Without statistics of a batch, pieces of it give what the whole gives.
  @Test(arguments: [2, 3, 6])
  func piecesOfABatchGiveTheWholesGradient(_ pieces: Int) throws {
    let whole = try Self.step(Self.sgd, options: .init(givesIntermediates: true)).after
    let inPieces = try Self.step(
      Self.sgd + ", accumulate: \(pieces)", options: .init(givesIntermediates: true)
    ).after
    #expect(Set(whole.keys) == Set(inPieces.keys))
    for (name, tensor) in whole {
      let other = try #require(inPieces[name])
      #expect(other.shape == tensor.shape)
      for (a, b) in zip(tensor.elements, other.elements) {
        #expect(abs(a - b) < 1e-12, "\(name)")
      }
    }
  }

  /// With batchnorm each piece moves the statistics: two pieces, two passes of each network's part.
  @Test func piecesHaveStatisticsOfTheirOwn() throws {
    let whole = try Self.step(Self.sgd, norm: "batch").after
    let inPieces = try Self.step(Self.sgd + ", accumulate: 2", norm: "batch").after
    let name = "generator.project1.norm.running_mean"
    #expect(whole[name]?.elements != inPieces[name]?.elements)
  }

  private static func norm(
    _ after: [String: Tensor<Double>], less before: [String: Tensor<Double>], _ network: String
  ) -> Double {
    var squares = 0.0
    for (name, tensor) in after where name.hasPrefix(network + ".") {
      for (a, b) in zip(tensor.elements, before[name]?.elements ?? []) {
        squares += (a - b) * (a - b)
      }
    }
    return squares.squareRoot()
  }

  /// With plain steps of length 1 × gradient, the step's norm is the gradient's.
  @Test func gradientsAreCutToTheirNorm() throws {
    let free = try Self.step(Self.sgd)
    let full = Self.norm(free.after, less: free.before, "discriminator")
    let clip = full / 4
    let cut = try Self.step(Self.sgd + ", discriminator: {clip: \(clip)}")
    let found = Self.norm(cut.after, less: cut.before, "discriminator")
    // As PyTorch's clip_grad_norm_, whose denominator is the norm + 10⁻⁶.
    #expect(abs(found - full * clip / (full + 1e-6)) < 1e-9)
    let loose = try Self.step(Self.sgd + ", discriminator: {clip: \(full * 4)}")
    #expect(abs(Self.norm(loose.after, less: loose.before, "discriminator") - full) < 1e-12)
  }

  @Test func weightsStayWithinTheirLimit() throws {
    let (_, after) = try Self.step(Self.sgd + ", discriminator: {clip_weights: 0.05}")
    for (name, tensor) in after where name.hasPrefix("discriminator.") {
      #expect(tensor.elements.allSatisfy { abs($0) <= 0.05 }, "\(name)")
    }
    #expect(after["generator.project1.weight"]?.elements.contains { abs($0) > 0.05 } == true)
  }

  @Test func averagesFollowTheGenerator() throws {
    let (before, after) = try Self.step(Self.sgd + ", generator: {average: 0.9}", norm: "batch")
    let share = try #require(before[TensorName.averageShare]).elements[0]
    let averaged = after.keys.filter { $0.hasPrefix("average.") }.sorted()
    #expect(averaged.count == 7, "\(averaged)")
    for name in averaged {
      let parameter = String(name.dropFirst("average.".count))
      let (old, new) = (try #require(before[name]), try #require(after[parameter]))
      for (i, value) in try #require(after[name]).elements.enumerated() {
        #expect(
          abs(value - (share * old.elements[i] + (1 - share) * new.elements[i])) < 1e-12, "\(name)")
      }
    }
  }

  /// What was there before learning does not stay for long.
  @Test func averagesBeginQuickly() throws {
    let train = try Self.compiled(Self.text("generator: {average: 0.999}")).spec.train
    #expect(
      [1, 10, 90, 100_000].map { train.generator.averageShare(update: $0) } == [
        2.0 / 11, 11.0 / 20, 0.91, 0.999,
      ])
  }

  /// Each network by its own rule, with its own numbers.
  @Test func eachNetworkHasItsOptimiser() throws {
    let train = """
      optimizer: {adam: {learning_rate: 0.1}}, \
      discriminator: {optimizer: {sgd: {learning_rate: 0.5, momentum: 0.9}}}
      """
    let (spec, graph) = try Self.compiled(Self.text(train))
    let names = StateTensor.all(of: spec, graph: graph).filter(\.isOptimizerState).map(\.name)
    #expect(names.filter { $0.contains("generator.") && !$0.contains("discriminator.") }.count == 8)
    #expect(names.allSatisfy { $0.hasPrefix("adam.") == $0.contains(".generator.") })
    #expect(spec.train.optimizer(of: .generator).learningRate == 0.1)
    #expect(spec.train.optimizer(of: .discriminator).learningRate == 0.5)
  }

  @Test(arguments: [
    ("updates: both", [TrainingStep.Kind.both]),
    ("discriminator: {steps: 3}", [.discriminator, .discriminator, .both]),
    ("generator: {steps: 2}", [.both, .generator]),
    (
      "updates: alternate, discriminator: {steps: 2}",
      [.generator, .discriminator, .discriminator]
    ),
  ])
  func networksTakeTheirStepsInTurn(_ train: String, _ kinds: [TrainingStep.Kind]) throws {
    #expect(TrainingStep.sequence(of: try Self.compiled(Self.text(train)).spec) == kinds)
  }
}
