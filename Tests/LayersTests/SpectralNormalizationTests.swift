import Autodiff
import Layers
import Program
import Reference
import Testing

@Suite struct SpectralNormalizationTests {
  static let weight = Tensor<Double>(shape: [2, 3], elements: [2, 0, 1, -1, 3, 0.5])
  static let u = Tensor<Double>(shape: [2], elements: [0.6, 0.8])

  /// diag(3, 1): v = (1, 0) and u = (1, 0) are singular vectors, and σ = 3.
  @Test func largestSingularValueBecomesOne() throws {
    var program = ProgramBuilder()
    let matrix = program.input("weight", [2, 2])
    let result = program.spectrallyNormalized(matrix, u: program.input("u", [2]))
    let found = try run(
      program, [result.weight, result.u, result.v],
      ["weight": Tensor(shape: [2, 2], elements: [3, 0, 0, 1]), "u": Tensor([1, 0])])
    #expect(found.map(\.elements) == [[1, 0, 0, 1.0 / 3], [1, 0], [1, 0]])
  }

  @Test func iterationsConvergeToSigma() throws {
    var program = ProgramBuilder()
    let matrix = program.input("weight", [2, 3])
    var result = program.spectrallyNormalized(matrix, u: program.input("u", [2]))
    for _ in 0..<40 { result = program.spectrallyNormalized(matrix, u: result.u) }
    let found = try run(program, [result.weight], ["weight": Self.weight, "u": Self.u])[0].elements
    // W·Wᵀ = [[5, −1.5], [−1.5, 10.25]], whose larger eigenvalue is σ².
    let variance = (15.25 + (5.25 * 5.25 + 9).squareRoot()) / 2
    let expected = Self.weight.elements.map { $0 / variance.squareRoot() }
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 })
  }

  /// The gradient through `variable` is the one with u and v given from outside.
  @Test func singularVectorsAreConstants() throws {
    var program = ProgramBuilder()
    let matrix = program.input("weight", [2, 3])
    let given = program.input("u", [2])
    let iterated = program.spectrallyNormalized(matrix, u: given)
    let values = try run(program, [iterated.u, iterated.v], ["weight": Self.weight, "u": Self.u])
    let fixed = program.spectrallyNormalized(
      matrix, u: program.input("fixed u", [2]), v: program.input("fixed v", [3]))

    func gradient(of value: Value, _ wanted: Value) -> Value {
      let scale = program.offset(program.random(.uniform, [2, 3], stream: 0), by: 0.5)
      let sum = program.sum(program.multiply(value, scale))
      return program.gradients(of: sum, withRespectTo: [wanted])[0]
    }
    let throughVariable = program.transpose(
      gradient(of: iterated.weight, iterated.variable), [1, 0])
    let constant = gradient(of: fixed.weight, matrix)
    let found = try run(
      program, [throughVariable, constant],
      ["weight": Self.weight, "u": Self.u, "fixed u": values[0], "fixed v": values[1]])
    #expect(zip(found[0].elements, found[1].elements).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  private func run(
    _ program: ProgramBuilder, _ values: [Value], _ inputs: [String: Tensor<Double>]
  ) throws -> [Tensor<Double>] {
    let outputs = values.indices.map { (name: "\($0)", value: values[$0]) }
    let found = try ReferenceInterpreter<Double>().run(
      program.program(outputs: outputs), inputs: inputs)
    return outputs.map { found[$0.name]! }
  }
}

extension Tensor<Double> {
  fileprivate init(_ elements: [Double]) {
    self.init(shape: [elements.count], elements: elements)
  }
}
