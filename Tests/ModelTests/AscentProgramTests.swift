import Compiler
import Diagnostics
import LayerGraph
import Program
import Reference
import Spec
import Testing

@testable import Model

/// Programs that look into both networks at once.
@Suite struct AscentProgramTests {
  private static let text = """
    dcgan: 1
    name: seen
    image: {size: 8, channels: 1}
    latent: {size: 3}
    generator:
      layers: [project: {to: [2, 2, 2]}, batch_norm, softplus, \
      conv_transpose: {filters: 3, kernel: 4, stride: 2}, softplus, \
      conv_transpose: {filters: 1, kernel: 4, stride: 2}, tanh]
    discriminator:
      layers: [conv: {filters: 2, kernel: 4, stride: 2, activation: softplus}, linear: 1, sigmoid]
    train: {batch: 2}
    """

  private static func compiled() throws -> (spec: Spec, graph: LayerGraph) {
    let compilation = Compilation(SourceFile(path: "seen.yaml", text: text))
    return (try #require(compilation.spec), try #require(compilation.graph))
  }

  private static func inputs(of program: Program) -> [String: Tensor<Double>] {
    var inputs = program.numbers { 2 * $1 - 1 }
    inputs["generator.batch_norm1.running_var"] = Tensor(shape: [2], elements: [0.7, 1.3])
    return inputs
  }

  /// The gradient is that of each start's own response, below 0, through the generator and not.
  @Test(arguments: AscentProgram.Through.allCases)
  func gradientsAreDifferencesOfTheResponses(_ through: AscentProgram.Through) throws {
    let (spec, graph) = try Self.compiled()
    let layer = try #require(graph.discriminator.convolutions.first)
    let program = AscentProgram(of: spec, graph: graph, starts: 2, layer: layer, through: through)
      .program
    #expect(program.violations().isEmpty)
    var inputs = Self.inputs(of: program)
    inputs[TensorName.searchedFeature] = Tensor(shape: [2], elements: [0, 1])
    let name =
      through == .latent ? TensorName.searchedNoise : TensorName.searchedPixels
    func outputs() throws -> [String: Tensor<Double>] {
      try ReferenceInterpreter<Double>().run(
        program, inputs: inputs, key: RandomKey(seed: 0, step: 0))
    }
    let first = try outputs()
    let gradient = try #require(first[TensorName.searchGradient]).elements
    let start = try #require(inputs[name])
    #expect(first[TensorName.images]?.shape == [2, 8, 8, 1])
    for place in start.elements.indices {
      func error(_ moved: Double) throws -> Double {
        var elements = start.elements
        elements[place] += moved
        inputs[name] = Tensor(shape: start.shape, elements: elements)
        let item = place / (start.elements.count / 2)
        return try #require(outputs()[TensorName.searchErrors]).elements[item]
      }
      let slope = try (error(1e-6) - error(-1e-6)) / 2e-6
      #expect(abs(gradient[place] - slope) < 1e-6, "\(name)[\(place)]")
    }
  }

  /// With all maps it is the generator; a map that is left out is as one of zeros.
  @Test func mapsThatAreLeftOutAreZeros() throws {
    let (spec, graph) = try Self.compiled()
    let layer = graph.generator.convolutions[0]
    #expect(graph.generator.convolutions.map(\.name) == ["conv_transpose1", "conv_transpose2"])
    let forgetting = ForgettingProgram(of: spec, graph: graph, batch: 2, layer: layer)
    #expect(forgetting.size == (4, 4))
    let sampling = SamplingProgram(of: spec, graph: graph, batch: 2)
    var inputs = Self.inputs(of: forgetting.program)
    inputs[TensorName.sampleNoise] = inputs[TensorName.keptNoise]
    func run(_ program: Program, _ kept: [Double]) throws -> [String: Tensor<Double>] {
      inputs[TensorName.keptMaps] = Tensor(shape: [3], elements: kept)
      let read = inputs.filter { name, _ in program.inputs.contains { $0.name == name } }
      return try ReferenceInterpreter<Double>().run(
        program, inputs: read, key: RandomKey(seed: 0, step: 0))
    }
    let whole = try run(forgetting.program, [1, 1, 1])
    let plain = try run(sampling.program, [1, 1, 1])
    #expect(whole[TensorName.images] == plain[TensorName.images])
    let without = try run(forgetting.program, [1, 0, 1])
    #expect(without[TensorName.images] != whole[TensorName.images])
    // What comes out of the layer is seen as it is before.
    #expect(without[TensorName.features] == whole[TensorName.features])
    // The next layer's weights for the map do not count.
    let weight = "generator.conv_transpose2.weight"
    let changed = try #require(inputs[weight])
    // The maps that come in have an axis of their own.
    let axis = try #require(changed.shape.dimensions.firstIndex(of: 3))
    let inner = changed.shape.dimensions[(axis + 1)...].reduce(1, *)
    inputs[weight] = Tensor(
      shape: changed.shape,
      elements: changed.elements.enumerated().map { $0 / inner % 3 == 1 ? 99 : $1 })
    #expect(
      try run(forgetting.program, [1, 0, 1])[TensorName.images] == without[TensorName.images])
    #expect(try run(forgetting.program, [1, 1, 1])[TensorName.images] != whole[TensorName.images])
  }

  /// The generator's features are what comes out of its hidden convolutions.
  @Test func featuresOfTheGeneratorAreItsMaps() throws {
    let (spec, graph) = try Self.compiled()
    let features = GeneratorFeatureProgram(of: spec, graph: graph, batch: 2, edge: 4)
    #expect(features.size == 4 * 4 * 3)
    let maps = ForgettingProgram(
      of: spec, graph: graph, batch: 2, layer: graph.generator.convolutions[0]
    ).program
    var inputs = Self.inputs(of: maps)
    inputs[TensorName.searchedNoise] = inputs[TensorName.keptNoise]
    func found(_ program: Program) throws -> [Double]? {
      let read = inputs.filter { name, _ in program.inputs.contains { $0.name == name } }
      return try ReferenceInterpreter<Double>().run(
        program, inputs: read, key: RandomKey(seed: 0, step: 0))[TensorName.features]?.elements
    }
    #expect(try found(features.program) == found(maps))
  }
}
