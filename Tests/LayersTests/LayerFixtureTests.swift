import Autodiff
import Foundation
import Layers
import Program
import Reference
import Testing

/// Layers and their gradients against PyTorch's, in double precision.
@Suite struct LayerFixtureTests {
  struct Numbers: Decodable, Sendable {
    let shape: [Int]
    let values: [Double]
  }

  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    /// An entry of a `layers:` list.
    let layer: String
    /// In PyTorch's layouts, as all others.
    let x: Numbers
    let upstream: Numbers
    let y: Numbers
    let tensors: [String: Numbers]
    let gradients: [String: Numbers]

    var testDescription: String { layer }
  }

  /// Made by `scripts/layer-fixtures`.
  static let cases: [Case] = {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/Layers/layers.json")
    return try! JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
  }()

  @Test(arguments: cases)
  func equalsPyTorch(_ fixture: Case) throws {
    let input: FeatureShape =
      fixture.x.shape.count == 2
      ? .vector(fixture.x.shape[1])
      : .maps(
        channels: fixture.x.shape[1], height: fixture.x.shape[2], width: fixture.x.shape[3])
    var run = try LayerRun(fixture.layer, input, batch: fixture.x.shape[0])
    #expect(Set(fixture.tensors.keys) == Set(run.parameters.filter(\.role.isTrained).map(\.name)))

    let upstream = run.builder.input("upstream", run.builder.shape(of: run.y))
    let names = ["x"] + fixture.tensors.keys.sorted()
    let wanted = try names.map { name in
      name == "x" ? run.x : try #require(run.tensors["layer.\(name)"])
    }
    let gradients = run.builder.gradients(
      of: [(value: run.y, upstream: upstream)], withRespectTo: wanted, holding: run.held)

    var given = [
      "x": programOrder(fixture.x, Self.mapAxes(fixture.x)),
      "upstream": programOrder(fixture.upstream, Self.mapAxes(fixture.upstream)),
    ]
    var fileAxes = ["x": Self.mapAxes(fixture.x)]
    for parameter in run.parameters {
      fileAxes[parameter.name] = parameter.fileAxes
      if let numbers = fixture.tensors[parameter.name] {
        given[parameter.name] = programOrder(numbers, parameter.fileAxes)
      }
    }
    try expect(run.tensor(run.y, given), fixture.y, Self.mapAxes(fixture.y), "output")
    for (name, gradient) in zip(names, gradients) {
      let expected = try #require(fixture.gradients[name])
      try expect(run.tensor(gradient, given), expected, try #require(fileAxes[name]), name)
    }
  }

  private func expect(
    _ found: Tensor<Double>, _ expected: Numbers, _ axes: [Int], _ what: String
  ) {
    let expected = programOrder(expected, axes)
    #expect(found.elements.count == expected.count, "\(what)")
    for (index, (found, expected)) in zip(found.elements, expected).enumerated() {
      #expect(abs(found - expected) < Self.tolerance, "\(what)[\(index)]")
    }
  }

  /// Numbers of files, whose axis i is axis `axes[i]` in programs, in the order of programs.
  private func programOrder(_ numbers: Numbers, _ axes: [Int]) -> [Double] {
    let order = axes.indices.sorted { axes[$0] < axes[$1] }  // file axes, as programs go
    var strides = [Int](repeating: 1, count: axes.count)
    for axis in axes.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * numbers.shape[axis + 1]
    }
    var places = [0]
    for axis in order {
      places = places.flatMap { start in
        (0..<numbers.shape[axis]).map { start + $0 * strides[axis] }
      }
    }
    return places.map { numbers.values[$0] }
  }

  /// Maps are [N, C, H, W] in files and [N, H, W, C] in programs.
  private static func mapAxes(_ numbers: Numbers) -> [Int] {
    numbers.shape.count == 4 ? [0, 3, 1, 2] : Array(numbers.shape.indices)
  }

  /// The fixture has 12 digits behind the point, and gradients are sums of a few dozen numbers; both
  /// add `epsilon` to variances in the same place.
  static let tolerance = 1e-9
}
