import Layers
import Program
import Testing

@Suite struct BatchNormalizationTests {
  /// Numbers 1 and 3: mean 2, variance 1, unbiased 2.
  static let pair: [String: [Double]] = [
    "x": [1, 3], "weight": [10], "bias": [0.5], "running_mean": [4], "running_var": [9],
  ]

  @Test func trainingUsesTheBatch() throws {
    let run = try LayerRun("batch_norm: {epsilon: 1e-300}", .vector(1), batch: 2)
    #expect(try run.result(Self.pair) == [-9.5, 10.5])
  }

  @Test func runningStatisticsMoveByTheMomentum() throws {
    let run = try LayerRun("batch_norm: {momentum: 0.25}", .vector(1), batch: 2)
    let mean = try #require(run.updates["layer.running_mean"])
    let variance = try #require(run.updates["layer.running_var"])
    #expect(try run.tensor(mean, Self.pair).elements == [0.75 * 4 + 0.25 * 2])
    #expect(try run.tensor(variance, Self.pair).elements == [0.75 * 9 + 0.25 * 2])
  }

  @Test func evaluationUsesRunningStatistics() throws {
    let run = try LayerRun(
      "batch_norm: {epsilon: 7}", .vector(1), mode: .evaluate, batch: 2)
    // (x − 4) / √(9 + 7) · 10 + 0.5
    #expect(try run.result(Self.pair) == [-7, -2])
    #expect(run.updates.isEmpty)
  }

  @Test func evaluationUsesTheBatchWhereAskedTo() throws {
    let run = try LayerRun(
      "batch_norm: {statistics: batch, epsilon: 1e-300}", .vector(1), mode: .evaluate, batch: 2)
    #expect(try run.result(Self.pair) == [-9.5, 10.5])
    #expect(run.parameters.map(\.name) == ["weight", "bias"])
  }

  /// Whatever was remembered before.
  @Test func calibrationTakesTheBatchWhole() throws {
    let run = try LayerRun(
      "batch_norm: {statistics: calibrated, epsilon: 1e-300}", .vector(1), mode: .calibrate,
      batch: 2, isGenerator: true)
    #expect(try run.result(Self.pair) == [-9.5, 10.5])
    let mean = try #require(run.updates["layer.running_mean"])
    let variance = try #require(run.updates["layer.running_var"])
    #expect(try run.tensor(mean, Self.pair).elements == [2])
    #expect(try run.tensor(variance, Self.pair).elements == [2])
  }

  /// Numbers 1 and 3 of the labels 1 and 0: each has its own scale and shift.
  @Test func aConditionalOneScalesByTheLabel() throws {
    let run = try LayerRun(
      "conditional_batch_norm: {epsilon: 1e-300}", .vector(1), batch: 2, classes: 2)
    let result = try run.result([
      "x": [1, 3], "labels": [0, 1, 1, 0], "weight": [10, 100], "bias": [0.5, 0.25],
      "running_mean": [4], "running_var": [9],
    ])
    #expect(result == [-99.75, 10.5])
    let plain = try LayerRun("batch_norm: {scale_and_shift: false}", .vector(1), batch: 2)
    #expect(run.updates.keys.sorted() == plain.updates.keys.sorted())
  }

  @Test func onlyAGeneratorIsCalibrated() throws {
    #expect(
      try refusal("batch_norm: {statistics: calibrated}", .vector(1))
        == "`statistics: calibrated` are measured on what the generator makes; "
        + "in the discriminator, write `statistics: running`")
  }

  @Test func eachChannelOrEachFeature() throws {
    let input = FeatureShape.maps(channels: 3, height: 2, width: 4)
    let channel = try LayerRun("batch_norm:", input).parameters
    #expect(channel.map(\.shape) == [[3], [3], [3], [3]])
    #expect(channel.map(\.name) == ["weight", "bias", "running_mean", "running_var"])
    let feature = try LayerRun("batch_norm: {per: feature}", input).parameters
    #expect(feature.allSatisfy { $0.shape == [2, 4, 3] && $0.fileShape == [24] })
    #expect(feature.allSatisfy { $0.fileAxes == [2, 0, 1] })
  }

  /// Two images of two pixels; over the batch alone each pixel has its own mean.
  @Test func featuresAreNormalisedOverTheBatchAlone() throws {
    let run = try LayerRun(
      "batch_norm: {per: feature, scale_and_shift: false, epsilon: 1e-300}",
      .maps(channels: 1, height: 1, width: 2), batch: 2)
    #expect(try run.result(["x": [1, 10, 3, 30]]) == [-1, -1, 1, 1])
  }
}

@Suite struct InstanceNormalizationTests {
  @Test func eachImageAndChannelByItself() throws {
    let run = try LayerRun(
      "instance_norm: {epsilon: 1e-300}", .maps(channels: 2, height: 1, width: 2), batch: 1)
    // Pixels (1, 10), (3, 30).
    let y = try run.result(["x": [1, 10, 3, 30], "weight": [1, 2], "bias": [0, 5]])
    #expect(y == [-1, 3, 1, 7])
  }

  @Test func onePixelIsRefused() throws {
    #expect(
      try refusal("instance_norm:", .square(1))
        == "1 × 1 maps have nothing to normalise over: every number would become 0")
    #expect(try refusal("instance_norm:", .vector(4))?.hasPrefix("maps are needed") == true)
  }
}

@Suite struct LayerNormalizationTests {
  @Test func allFeaturesTogether() throws {
    let run = try LayerRun(
      "layer_norm: {epsilon: 1e-300}", .maps(channels: 2, height: 1, width: 2), batch: 1)
    // Mean 2, variance 1; scales and shifts per feature, here in program order.
    let y = try run.result(["x": [1, 3, 1, 3], "weight": [1, 2, 3, 4], "bias": [0, 0, 10, 0]])
    #expect(y == [-1, 2, 7, 4])
    #expect(run.parameters.map(\.fileShape) == [[2, 1, 2], [2, 1, 2]])
  }
}

@Suite struct GroupNormalizationTests {
  @Test func eachGroupByItself() throws {
    let run = try LayerRun("group_norm: {groups: 2, epsilon: 1e-300}", .vector(4), batch: 1)
    let y = try run.result(["x": [1, 3, 10, 30], "weight": [1, 1, 1, 2], "bias": [0, 0, 0, 5]])
    #expect(y == [-1, 1, -1, 7])
  }

  @Test func groupsMustDivideTheChannels() throws {
    #expect(
      try refusal("group_norm: 4", .square(2, channels: 6))
        == "6 channels do not divide into 4 groups; groups that do: 1, 2, 3, 6")
  }
}

@Suite struct VirtualBatchNormalizationTests {
  /// Reference images 1 and 3 by themselves have mean 2 and variance 1.
  ///
  /// With them 9 has mean 13/3 and variance 104/9, and 5 has mean 3 and variance 8/3.
  @Test func eachImageIsComparedWithTheReference() throws {
    let run = try LayerRun(
      "virtual_batch_norm: {scale_and_shift: false, epsilon: 1e-300}", .vector(1), batch: 4,
      referenceSize: 2)
    let found = try run.result(["x": [1, 3, 9, 5]])
    let expected = [
      -1, 1, (9 - 13.0 / 3) / (104.0 / 9).squareRoot(), 2 / (8.0 / 3).squareRoot(),
    ]
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-12) }
  }

  @Test func withoutAReferenceItIsRefused() throws {
    #expect(
      try refusal("virtual_batch_norm:", .vector(4))
        == "a virtual batchnorm compares with a fixed batch of noise, which only the generator has; "
        + "in the discriminator, write `norm: batch` or `norm: layer`")
    let problem = #expect(throws: ShapeProblem.self) {
      try LayerRun("virtual_batch_norm:", .vector(4), isGenerator: true)
    }
    #expect(
      problem?.message
        == "a virtual batchnorm compares with a fixed batch of noise, which is missing")
    #expect(problem?.help == ["let `- reference_batch: 64` be the first layer of the generator"])
  }

  @Test func aDiscriminatorHasNoReferenceBatch() throws {
    #expect(
      try refusal("reference_batch: 8", .vector(4))
        == "a reference batch is of noise: it must be the first layer of the generator; "
        + "write `- reference_batch: 8` there")
  }
}
