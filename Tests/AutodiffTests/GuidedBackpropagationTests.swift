import Autodiff
import Foundation
import Program
import Reference
import Testing

/// Guided backpropagation against PyTorch's, in double precision (`scripts/guided-fixture`).
@Suite struct GuidedBackpropagationTests {
  private struct Case: Decodable {
    let slope: Double
    let feature: Int
    let images: [Double]
    let first: [Double]
    let second: [Double]
    let guided: [Double]
  }

  @Test func equalsPyTorchs() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/Studies/guided.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    #expect(cases.map(\.slope) == [0, 0.2])
    for example in cases {
      let guided = try gradient(of: example, through: .guided)
      #expect(zip(guided, example.guided).allSatisfy { abs($0 - $1) < 1e-12 })
      #expect(guided.count == example.guided.count)
      // The rule makes a difference.
      let exact = try gradient(of: example, through: .exact)
      #expect(zip(exact, example.guided).contains { abs($0 - $1) > 0.1 })
    }
  }

  private func gradient(
    of example: Case, through maximum: MaximumGradient
  ) throws -> [Double] {
    var builder = ProgramBuilder()
    let images = builder.input("images", [2, 8, 7, 2])
    let first = builder.input("first", [3, 3, 2, 3])
    let second = builder.input("second", [3, 3, 3, 4])
    func rectified(_ x: Value) -> Value {
      builder.maximum(x, builder.scale(x, by: example.slope))
    }
    let hidden = rectified(builder.convolve(images, first, .init(stride: 2, padding: 1)))
    let maps = rectified(builder.convolve(hidden, second, .init(stride: 1, padding: 1)))
    let sizes = builder.shape(of: maps).dimensions
    let feature = builder.slice(
      maps, start: [0, 0, 0, example.feature],
      limit: [sizes[0], sizes[1], sizes[2], example.feature + 1])
    let strongest = builder.sum(builder.reduceMaximum(feature, axes: [1, 2, 3]))
    let gradient = builder.gradients(
      of: strongest, withRespectTo: [images], through: maximum)[0]
    let found = try ReferenceInterpreter<Double>().run(
      builder.program(outputs: [("gradient", gradient)]),
      inputs: [
        "images": Tensor(shape: [2, 8, 7, 2], elements: example.images),
        "first": Tensor(shape: [3, 3, 2, 3], elements: example.first),
        "second": Tensor(shape: [3, 3, 3, 4], elements: example.second),
      ])
    return found["gradient"]?.elements ?? []
  }
}
