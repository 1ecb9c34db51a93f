import Foundation
import LayerGraph
import Layers
import Program
import Reference
import Testing

@Suite struct NetworkLoweringTests {
  static let layers = (
    generator: "project: {to: [2, 2, 2], norm: batch, activation: relu}, "
      + "conv_transpose: {filters: 1, kernel: 4, stride: 2, activation: tanh}",
    discriminator: "conv: {filters: 2, kernel: 4, stride: 2, norm: batch}, "
      + "linear: {units: 1, activation: sigmoid}"
  )

  static func smallGraph() throws -> LayerGraph {
    try graph(spec(generator: layers.generator, discriminator: layers.discriminator))
  }

  @Test(arguments: [Lowering.Mode.train, .evaluate])
  func programsAreValidAndGiveTheInferredShape(_ mode: Lowering.Mode) throws {
    let graph = try Self.smallGraph()
    for network in [graph.generator, graph.discriminator] {
      let program = network.forwardProgram(batch: 3, mode: mode)
      #expect(program.violations() == [])
      let output = try run(program)["output"]!
      #expect(output.shape == network.output.batchShape(3))
      let statistics = network.parameters.filter { !$0.role.isTrained }.map(\.name)
      #expect(program.outputs.dropFirst().map(\.name) == (mode == .train ? statistics : []))
    }
  }

  @Test func evaluationUsesRunningStatistics() throws {
    let network = try Self.smallGraph().discriminator
    let inputs = numbers(network.forwardProgram(batch: 3, mode: .train))
    func output(_ mode: Lowering.Mode, runningMean: Double) throws -> [Double] {
      var inputs = inputs
      inputs["discriminator.conv1.norm.running_mean"] = Tensor(
        shape: [2], repeating: runningMean)
      let program = network.forwardProgram(batch: 3, mode: mode)
      return try ReferenceInterpreter<Double>().run(program, inputs: inputs)["output"]!.elements
    }
    #expect(try output(.train, runningMean: 0) == output(.train, runningMean: 1))
    #expect(try output(.evaluate, runningMean: 0) != output(.evaluate, runningMean: 1))
  }

  @Test func logitsAreWhatTheSigmoidTakes() throws {
    let network = try Self.smallGraph().discriminator
    var program = ProgramBuilder()
    let x = program.input("input", network.input.batchShape(3))
    let tensors = network.declaredTensors(in: &program)
    let judged = network.lower(x, mode: .evaluate, tensors: tensors, into: &program)
    let logits = network.lower(
      x, mode: .evaluate, tensors: tensors, upTo: .logits, into: &program)
    #expect(program.shape(of: judged.output) == [3, 1])
    #expect(program.shape(of: logits.output) == [3])
    let outputs = [("judged", judged.output), ("logits", logits.output)]
    let found = try run(program.program(outputs: outputs.map { (name: $0.0, value: $0.1) }))
    #expect(found["judged"]!.elements == found["logits"]!.elements.map { 1 / (1 + exp(-$0)) })
  }

  /// running₂ = 0.9·(0.9·running + 0.1·mean) + 0.1·mean, where both passes see the same images.
  @Test func secondPassSeesTheFirstOnesStatistics() throws {
    let network = try Self.smallGraph().discriminator
    let name = "discriminator.conv1.norm.running_mean"
    var program = ProgramBuilder()
    let x = program.input("input", network.input.batchShape(3))
    var tensors = network.declaredTensors(in: &program)
    let first = network.lower(x, mode: .train, tensors: tensors, into: &program)
    tensors.merge(first.updates) { _, new in new }
    let second = network.lower(
      x, mode: .train, tensors: tensors, firstStream: first.nextStream, into: &program)

    // The same through one lowering, which remembers the updates by itself.
    var lowering = Lowering(
      program: program, mode: .train, tensors: network.declaredTensors(in: &program))
    _ = network.lower(x, into: &lowering)
    _ = network.lower(x, into: &lowering)
    #expect(lowering.updates[name] == second.updates[name])

    let outputs = [("first", first.updates[name]!), ("second", second.updates[name]!)]
    let ready = program.program(outputs: outputs.map { (name: $0.0, value: $0.1) })
    let inputs = numbers(ready)
    let found = try ReferenceInterpreter<Double>().run(ready, inputs: inputs)
    for channel in 0..<2 {
      let running = inputs[name]!.elements[channel]
      let once = found["first"]!.elements[channel]
      let mean = (once - 0.9 * running) / 0.1
      // Tolerance: a few roundings, made ten times larger by the division.
      #expect(abs(found["second"]!.elements[channel] - (0.9 * once + 0.1 * mean)) < 1e-14)
    }
  }

  @Test func labelsJoinBothNetworks() throws {
    let spec = try spec(
      generator: "concatenate_labels, project: {to: [1, 4, 4]}, "
        + "concatenate_labels, conv: {filters: 1, kernel: 3}",
      discriminator: "concatenate_labels, linear: 1", condition: "{classes: 3}")
    let graph = try graph(spec)
    #expect(graph.usesLabels)
    #expect(
      graph.generator.nodes.map(\.output.description)
        == ["13", "1 × 4 × 4", "4 × 4 × 4", "1 × 4 × 4"])
    for network in [graph.generator, graph.discriminator] {
      let program = network.forwardProgram(batch: 2, mode: .evaluate)
      func output(label: Int) throws -> [Double] {
        var inputs = numbers(program)
        let oneHot = (0..<6).map { $0 % 3 == label ? 1.0 : 0 }
        inputs["labels"] = Tensor(shape: [2, 3], elements: oneHot)
        return try ReferenceInterpreter<Double>().run(program, inputs: inputs)["output"]!.elements
      }
      #expect(try output(label: 0) != output(label: 1))
    }
  }

  @Test func instructionsKnowTheirLayer() throws {
    let program = try Self.smallGraph().generator.forwardProgram(batch: 2, mode: .train)
    let paths = Set(program.instructions.map(\.origin.path))
    #expect(
      paths == [
        "", "generator.project1", "generator.project1.norm", "generator.project1.activation",
        "generator.conv_transpose1", "generator.conv_transpose1.activation",
      ])
  }

  private func run(_ program: Program) throws -> [String: Tensor<Double>] {
    try ReferenceInterpreter<Double>().run(program, inputs: numbers(program))
  }

  /// Numbers without a pattern, in 0.05 ..< 0.15: positive for variances, small for sigmoids.
  private func numbers(_ program: Program) -> [String: Tensor<Double>] {
    var numbers: [String: Tensor<Double>] = [:]
    for (index, input) in program.inputs.enumerated() {
      let stream = RandomStream(key: RandomKey(seed: 1, step: 0), stream: index)
      let elements = (0..<input.shape.count).map { 0.05 + 0.1 * Double(stream.uniform(at: $0)) }
      numbers[input.name] = Tensor(shape: input.shape, elements: elements)
    }
    return numbers
  }
}
