import Autodiff
import Layers
import Program
import Reference
import Testing

/// What every kind of layer must hold to.
@Suite struct LayerKindTests {
  /// The samples, and variants of options that they do not reach.
  static let cases: [LayerSample] =
    LayerKind.allCases.map { $0.type.sample } + [
      LayerSample(yaml: "conv: {filters: 2, kernel: 1}", input: .vector(3)),
      LayerSample(
        yaml: "conv: {filters: 2, kernel: 4, stride: 2, bias: false}",
        input: .maps(channels: 2, height: 4, width: 2)),
      LayerSample(
        yaml: "conv_transpose: {filters: 2, kernel: 4, stride: 1, padding: 0}", input: .vector(3)),
      LayerSample(
        yaml: "conv_transpose: {filters: 2, kernel: 3, stride: 2, padding: 1}",
        input: .maps(channels: 2, height: 2, width: 3)),
      LayerSample(
        yaml: "conv: {filters: 2, kernel: [1, 3], padding: [0, 2]}",
        input: .maps(channels: 1, height: 2, width: 2)),
      LayerSample(
        yaml: "conv: {filters: 4, kernel: [3, 2], stride: 2, dilation: 2, groups: 2}",
        input: .maps(channels: 2, height: 4, width: 6)),
      LayerSample(
        yaml: "conv_transpose: {filters: 4, kernel: [3, 2], stride: 2, padding: [1, 0], groups: 2}",
        input: .maps(channels: 2, height: 2, width: 3)),
      LayerSample(
        yaml: "conv_transpose: {filters: 1, kernel: 3, dilation: 2}",
        input: .maps(channels: 1, height: 3, width: 2)),
      LayerSample(
        yaml: "self_attention: {reduction: 1, weights: weight_norm}",
        input: .maps(channels: 2, height: 1, width: 3)),
      LayerSample(yaml: "project: {to: [2, 1, 3], bias: false}", input: .vector(2)),
      LayerSample(yaml: "project: {to: [2, 1, 3], weights: weight_norm}", input: .vector(2)),
      LayerSample(
        yaml: "conv: {filters: 2, kernel: 3, weights: weight_norm}",
        input: .maps(channels: 2, height: 3, width: 3)),
      LayerSample(
        yaml: "batch_norm: {per: feature, momentum: 0.3}",
        input: .maps(channels: 2, height: 2, width: 1)),
      LayerSample(yaml: "batch_norm: {scale_and_shift: false}", input: .vector(3)),
      LayerSample(yaml: "layer_norm:", input: .vector(4)),
      LayerSample(yaml: "maxout: 3", input: .vector(6)),
      LayerSample(yaml: "group_norm: 2", input: .vector(4)),
      LayerSample(
        yaml: "average_pool: {kernel: 2, stride: 1, padding: 1}",
        input: .maps(channels: 1, height: 2, width: 3)),
      LayerSample(yaml: "concatenate_labels:", input: .vector(2), classes: 2),
      LayerSample(
        yaml: "upsample: {mode: bilinear}", input: .maps(channels: 2, height: 1, width: 3)),
      LayerSample(
        yaml: "reshape: {to: [4, 1, 2]}", input: .maps(channels: 2, height: 2, width: 2)),
    ]

  @Test(arguments: LayerKind.allCases)
  func sampleIsOfItsKind(_ kind: LayerKind) throws {
    let layer = try LayerRun.layer(kind.type.sample.yaml)
    #expect(type(of: layer) == kind.type)
  }

  @Test(arguments: cases, [Lowering.Mode.train, .evaluate])
  func predictedShapeIsTheComputedOne(_ sample: LayerSample, _ mode: Lowering.Mode) throws {
    let run = try LayerRun(sample, mode: mode)
    let computed = try run.tensor(run.y).shape
    #expect(computed == run.output.batch(of: LayerRun.batch + run.addedRows))
  }

  @Test(arguments: cases, [Lowering.Mode.train, .evaluate])
  func gradientsMatchDifferences(_ sample: LayerSample, _ mode: Lowering.Mode) throws {
    var run = try LayerRun(sample, mode: mode)
    // A projection with a weight of its own for every element: no two may be exchanged.
    let weight = run.builder.random(.uniform, run.builder.shape(of: run.y), stream: 1000)
    let offset = run.builder.offset(weight, by: 0.5)
    let scalar = run.builder.sum(run.builder.multiply(run.y, offset))

    let trained = run.parameters.filter(\.role.isTrained).map(\.name)
    let names = ["x"] + trained
    let wanted = [run.x] + trained.map { run.tensors["layer.\($0)"]! }
    let gradients = run.builder.gradients(of: scalar, withRespectTo: wanted)

    let numbers = run.numbers()
    for (name, gradient) in zip(names, gradients) {
      let found = try run.tensor(gradient)
      for index in found.elements.indices {
        func value(movedBy step: Double) throws -> Double {
          var moved = numbers[name]!.elements
          moved[index] += step
          return try run.tensor(scalar, [name: moved]).number
        }
        let difference =
          try (value(movedBy: Self.step) - value(movedBy: -Self.step)) / (2 * Self.step)
        let distance = abs(found.elements[index] - difference)
        #expect(
          distance <= Self.tolerance * max(1, abs(difference)), "\(name)[\(index)], \(sample.yaml)")
      }
    }
  }

  @Test(arguments: cases)
  func updatesAreOfStatisticsThatTheLayerLists(_ sample: LayerSample) throws {
    let run = try LayerRun(sample)
    let statistics = run.parameters.filter { !$0.role.isTrained && $0.role != .noise }
    #expect(Set(run.updates.keys) == Set(statistics.map { "layer.\($0.name)" }))
    for statistic in statistics {
      let update = try #require(run.updates["layer.\(statistic.name)"])
      #expect(run.builder.shape(of: update) == statistic.shape)
    }
    #expect(statistics.allSatisfy { $0.fileShape.count == $0.shape.count })
  }

  /// A step of central differences: their error is of the order of step² ≈ 1e-10, and that of
  /// rounding 1e-16 / step ≈ 1e-11, with third derivatives up to 1000 behind a small variance.
  static let step = 1e-5
  static let tolerance = 1e-6
}

extension LayerSample: CustomTestStringConvertible {
  public var testDescription: String { "\(yaml) ← \(input)" }
}
