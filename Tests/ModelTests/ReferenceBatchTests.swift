import Compiler
import Diagnostics
import LayerGraph
import Program
import Reference
import Testing

@testable import Model

/// A generator with a reference batch, whose images depend on nothing but it and their own noise.
@Suite struct ReferenceBatchTests {
  private static let text = """
    dcgan: 1
    name: virtual
    image: {size: 4, channels: 1}
    latent: {size: 3}
    condition: {classes: 3}
    generator:
      defaults: {norm: virtual_batch, activation: softplus}
      layers:
        - reference_batch: 4
        - concatenate_labels
        - project: {name: first, to: [2, 2, 2]}
        - conv: {filters: 2, kernel: 3}
        - add: first
        - conv_transpose: {filters: 1, kernel: 4, stride: 2, norm: none, activation: tanh}
    discriminator: {layers: [concatenate_labels, linear: {units: 1, activation: sigmoid}]}
    train: {batch: 3}
    """

  private static func graph() throws -> LayerGraph {
    let compilation = Compilation(SourceFile(path: "virtual.yaml", text: text))
    return try #require(compilation.graph)
  }

  @Test(arguments: [false, true])
  func imagesDoNotDependOnOthers(_ trains: Bool) throws {
    let program = try Self.graph().generator.forwardProgram(
      batch: 3, mode: trains ? .train : .evaluate)
    #expect(program.violations().isEmpty)
    var inputs = program.numbers { 2 * $1 - 1 }
    inputs["labels"] = Tensor(shape: [3, 3], elements: [0, 1, 0, 1, 0, 0, 0, 0, 1])
    func images() throws -> [Double] {
      let outputs = try ReferenceInterpreter<Double>().run(
        program, inputs: inputs, key: RandomKey(seed: 0, step: 0))
      return try #require(outputs["output"]).elements
    }
    let before = try images()
    #expect(before.count == 3 * 16)
    var noise = try #require(inputs["input"]).elements
    noise[8] += 1  // of the last image
    inputs["input"] = Tensor(shape: [3, 3], elements: noise)
    let after = try images()
    #expect(before[..<32] == after[..<32])
    #expect(before[32...] != after[32...])
  }

  /// The reference's labels run through the classes.
  @Test func referenceImagesHaveLabelsInTurn() throws {
    let graph = try Self.graph()
    let program = graph.generator.forwardProgram(batch: 3, mode: .evaluate)
    let place = try #require(
      program.instructions.firstIndex {
        if case .concatenate(axis: 1) = $0.op { true } else { false }
      })
    let joined = Program(
      instructions: program.instructions,
      outputs: [Program.Output(name: "joined", value: Value(index: place))])
    var inputs = joined.numbers { 2 * $1 - 1 }
    inputs["labels"] = Tensor(shape: [3, 3], elements: [0, 1, 0, 1, 0, 0, 0, 0, 1])
    let outputs = try ReferenceInterpreter<Double>().run(
      joined, inputs: inputs, key: RandomKey(seed: 0, step: 0))
    let rows = try #require(outputs["joined"]).elements
    let labels = (0..<7).map { row in (0..<3).map { rows[row * 6 + 3 + $0] } }
    #expect(
      labels == [
        [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 0], [1, 0, 0], [0, 0, 1],
      ])
  }
}
