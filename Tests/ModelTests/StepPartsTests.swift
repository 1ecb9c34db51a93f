import Compiler
import Diagnostics
import LayerGraph
import Objectives
import Program
import Reference
import Spec
import Testing

@testable import Model

/// The joints of a step: gradients and updates as programs of their own.
@Suite struct StepPartsTests {
  /// A pair of networks with batchnorm and random numbers inside, in each order of updates.
  private static func specText(updates: String, loss: String = "minimax") -> String {
    """
    dcgan: 1
    name: tiny
    image: {size: 4, channels: 1}
    latent: {size: 3}
    generator:
      layers:
        - project: {to: [2, 2, 2], norm: batch, activation: relu}
        - dropout: 0.25
        - conv_transpose: {filters: 1, kernel: 4, stride: 2, norm: none, activation: tanh}
    discriminator:
      layers:
        - conv: {filters: 2, kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        - dropout: 0.25
        - linear: {units: 1, norm: none, activation: sigmoid}
    objective: {loss: \(loss)}
    train: {batch: 5, updates: \(updates)}
    """
  }

  private static func compiled(_ text: String) throws -> (Spec, LayerGraph) {
    let compilation = Compilation(SourceFile(path: "tiny.yaml", text: text))
    return (try #require(compilation.spec), try #require(compilation.graph))
  }

  /// Positive numbers, so that running variances and moments are possible ones.
  private static func inputs(of program: Program) -> [String: Tensor<Double>] {
    program.numbers { 0.1 + $1 }
  }

  private static let key = RandomKey(seed: 3, step: 4)

  @Test(
    arguments: [TrainingStep.Kind.both, .discriminator, .generator],
    ["both", "{both: {noise: fresh}}", "alternate"])
  func partsOneAfterTheOtherAreTheWholeStep(
    _ kind: TrainingStep.Kind, _ updates: String
  ) throws {
    let (spec, graph) = try Self.compiled(Self.specText(updates: updates))
    let step = TrainingStep(kind, of: spec, graph: graph, batch: spec.train.batch)
    let interpreter = ReferenceInterpreter<Double>()
    let whole = try interpreter.run(
      step.program, inputs: Self.inputs(of: step.program), key: Self.key)

    var tensors: [String: Tensor<Double>] = Self.inputs(of: step.program)
    for part in step.parts {
      #expect(part.program.violations().isEmpty)
      let outputs = try interpreter.run(part.program, inputs: tensors, key: Self.key)
      tensors.merge(outputs) { $1 }
    }
    for (name, tensor) in whole { #expect(tensors[name] == tensor, "\(name)") }
    #expect(step.parts.map(\.role) == kind.roles.flatMap { [$0, $0] })
    // Only gradients lie between the parts.
    let between = Set(step.parts.flatMap { $0.program.outputs.map(\.name) })
      .subtracting(whole.keys)
    #expect(between.allSatisfy(TensorName.isGradient))
  }

  /// What has to be reduced between machines comes from the gradients' parts, and an update reads
  /// nothing that differs between them.
  @Test func updatesReadNoImages() throws {
    let (spec, graph) = try Self.compiled(Self.specText(updates: "both"))
    let step = TrainingStep(.both, of: spec, graph: graph, batch: spec.train.batch)
    let state = Set(StateTensor.all(of: spec, graph: graph).map(\.name))
    for part in step.parts where part.half == .update {
      let scalars = spec.train.optimizer.scalarInputs(of: part.role, step: 1).map(\.name)
      for (name, _) in part.program.inputs {
        #expect(
          state.contains(name) || scalars.contains(name) || TensorName.isGradient(name),
          "\(name)")
      }
    }
  }

  /// mean softplus(−(fake − mean real)) + mean softplus(real − mean fake): needs both logits.
  private struct RelativisticAverage: Objective {
    var generatorReadsReal: Bool { true }

    func discriminatorLoss(real: Value, fake: Value, in program: inout ProgramBuilder) -> Value {
      loss(above: real, below: fake, in: &program)
    }

    func generatorLoss(real: Value?, fake: Value, in program: inout ProgramBuilder) -> Value {
      loss(above: fake, below: real!, in: &program)
    }

    private func loss(above: Value, below: Value, in program: inout ProgramBuilder) -> Value {
      let shape = program.shape(of: above)
      let meanBelow = program.broadcast(program.mean(below), to: shape, axes: [])
      let meanAbove = program.broadcast(program.mean(above), to: shape, axes: [])
      let high = program.softplus(program.subtract(meanBelow, above))
      let low = program.softplus(program.subtract(below, meanAbove))
      return program.add(program.mean(high), program.mean(low))
    }
  }

  @Test func generatorsLossMayReadRealImages() throws {
    let (spec, graph) = try Self.compiled(Self.specText(updates: "both"))
    var gradients = GradientPrograms(
      spec: spec, graph: graph, batch: 5, kind: .generator, options: .init(),
      objective: RelativisticAverage())
    let part = gradients.part(of: .generator)
    #expect(part.program.inputs.contains { $0.name == TensorName.real })
    let outputs = try ReferenceInterpreter<Double>().run(
      part.program, inputs: Self.inputs(of: part.program), key: Self.key)
    #expect(outputs[TensorName.loss(.generator)]!.number.isFinite)

    // An objective that reads generated images only takes no real ones.
    let step = TrainingStep(.generator, of: spec, graph: graph, batch: 5)
    #expect(!step.readsReal)
  }
}
