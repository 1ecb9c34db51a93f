import Compiler
import Diagnostics
import Program
import Reference
import Testing

@testable import Model

@Suite struct InversionProgramTests {
  private static let text = """
    dcgan: 1
    name: inverted
    image: {size: 4, channels: 1}
    latent: {size: 3}
    generator:
      layers: [project: {to: [2, 2, 2]}, batch_norm, softplus, \
      conv_transpose: {filters: 1, kernel: 4, stride: 2}, tanh]
    discriminator: {layers: [linear: {units: 1, activation: sigmoid}]}
    """

  /// Each vector's gradient is that of its own error.
  @Test func gradientsAreDifferencesOfTheErrors() throws {
    let compilation = Compilation(SourceFile(path: "inverted.yaml", text: Self.text))
    let (spec, graph) = (try #require(compilation.spec), try #require(compilation.graph))
    let program = InversionProgram(of: spec, graph: graph, starts: 2).program
    #expect(program.violations().isEmpty)
    var inputs = program.numbers { 2 * $1 - 1 }
    inputs["generator.batch_norm1.running_var"] = Tensor(shape: [2], elements: [0.7, 1.3])
    func outputs() throws -> [String: Tensor<Double>] {
      try ReferenceInterpreter<Double>().run(
        program, inputs: inputs, key: RandomKey(seed: 0, step: 0))
    }
    let gradient = try #require(outputs()[TensorName.searchGradient]).elements
    let z = try #require(inputs[TensorName.searchedNoise]).elements
    for place in z.indices {
      func error(_ moved: Double) throws -> Double {
        var elements = z
        elements[place] += moved
        inputs[TensorName.searchedNoise] = Tensor(shape: [2, 3], elements: elements)
        return try #require(outputs()[TensorName.searchErrors]).elements[place / 3]
      }
      let slope = try (error(1e-5) - error(-1e-5)) / 2e-5
      #expect(abs(gradient[place] - slope) < 1e-8, "z[\(place)]")
    }
  }
}
