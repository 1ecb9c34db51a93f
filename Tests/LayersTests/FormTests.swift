import Layers
import Program
import Reference
import Testing

@Suite struct FormTests {
  static let twoPixels = FeatureShape.maps(channels: 2, height: 1, width: 2)

  @Test func flattenGoesByChannel() throws {
    let run = try LayerRun("flatten:", Self.twoPixels, batch: 1)
    #expect(try run.result(["x": [1, 2, 3, 4]]) == [1, 3, 2, 4])
  }

  @Test func reshapeGoesByChannel() throws {
    let maps = try LayerRun("reshape: {to: [2, 1, 2]}", .vector(4), batch: 1)
    #expect(try maps.result(["x": [1, 2, 3, 4]]) == [1, 3, 2, 4])
    let vector = try LayerRun("reshape: 4", Self.twoPixels, batch: 1)
    #expect(vector.output == .vector(4))
    #expect(
      try refusal("reshape: {to: [2, 2, 2]}", .vector(4))
        == "2 × 2 × 2 has 8 numbers, the input 4 has 4")
  }

  /// Means of 2 × 2 pixels, each four times; 4 × 2 images of two channels.
  @Test func blurredImagesAreMeansOfBlocks() throws {
    let run = try LayerRun("blurred_image: {examples: 3}", .vector(1), batch: 2)
    let image = (0..<16).map(Double.init)  // [H, W, C]
    let real = image + image.map { 100 * $0 }
    // Of channel 0, pixels 0, 2, 4, 6 of the first rows and 8, 10, 12, 14 of the others.
    let coarse = [3.0, 4, 3, 4, 3, 4, 3, 4, 11, 12, 11, 12, 11, 12, 11, 12]
    let both = coarse + coarse.map { 100 * $0 }
    #expect(try run.result(["real": real]) == both)
    let kept = try #require(run.updates["layer.examples"])
    let old = [Double](repeating: 1, count: 16) + [Double](repeating: 2, count: 32)
    let latest = try run.tensor(kept, ["real": real, "examples": old]).elements
    #expect(latest == both + old[..<16])
  }

  /// Outside of training the kept examples come in turn.
  @Test func withoutRealImagesKeptOnesCome() throws {
    let run = try LayerRun(
      "blurred_image: {examples: 2}", .vector(1), mode: .evaluate, batch: 3)
    let examples = [Double](repeating: 1, count: 16) + [Double](repeating: 2, count: 16)
    #expect(
      try run.result(["examples": examples]) == examples + [Double](repeating: 1, count: 16))
  }

  /// PyTorch's `pixel_shuffle` of the numbers 0 … 15 in [1, 8, 1, 2].
  @Test func pixelShuffleOrdersChannelsAsPyTorch() throws {
    let run = try LayerRun("pixel_shuffle: 2", .maps(channels: 8, height: 1, width: 2), batch: 1)
    let x = (0..<8).map { Double(2 * $0) } + (0..<8).map { Double(2 * $0 + 1) }
    #expect(
      try run.result(["x": x]) == [0, 8, 2, 10, 1, 9, 3, 11, 4, 12, 6, 14, 5, 13, 7, 15])
  }

  @Test func pixelShuffleNeedsChannelsThatDivide() throws {
    let layer = try LayerRun.layer("pixel_shuffle: 2")
    let problem = #expect(throws: ShapeProblem.self) {
      try layer.outputShape(
        for: .maps(channels: 6, height: 1, width: 1), LayerContext(classes: nil))
    }
    #expect(problem?.message == "6 channels are no multiple of 2 × 2")
    #expect(problem?.help == ["let the layer before it have 4 filters"])
  }

  /// NumPy's numbers for two groups of two images.
  @Test func minibatchDeviationIsOfGroups() throws {
    let run = try LayerRun("minibatch_deviation: 2", .vector(2), batch: 4)
    let found = try run.result(["x": [1, 5, 2, 7, 4, 1, 8, 3]])
    let expected = [1.7500000029166665, 2.5000000020833335, 1.7500000029166665, 2.5000000020833335]
    for (image, value) in expected.enumerated() {
      #expect(abs(found[3 * image + 2] - value) < 1e-12)
    }
  }

  /// PyTorch's numbers for two rows of one number.
  @Test func minibatchDiscriminationComparesAllPairs() throws {
    let run = try LayerRun(
      "minibatch_discrimination: {kernels: 2, size: 1}", .vector(2), batch: 4)
    let found = try run.result([
      "x": [1, 5, 2, 7, 4, 1, 8, 3], "weight": [0.5, -1, 0.25, 0.75],
    ])
    let expected = [
      1.0241971692519396, 0.6092128802583103, 1.1097453841206883, 0.6081575087096978,
      1.2951463180491656, 0.08606718999354257, 0.2672073502283754, 0.08241187679699613,
    ]
    for image in 0..<4 {
      for kernel in 0..<2 {
        #expect(abs(found[4 * image + 2 + kernel] - expected[2 * image + kernel]) < 1e-12)
      }
    }
  }

  /// x·w + b + x·(row of the label): 0.5 + 0.5 + 0.1 + (3 + 8) for the second of two labels.
  @Test func labelProjectionTakesTheLabelsRow() throws {
    let run = try LayerRun("label_projection:", .vector(2), batch: 1, classes: 2)
    let found = try run.result([
      "x": [1, 2], "labels": [0, 1], "weight": [0.5, 0.25], "bias": [0.1],
      "embedding": [100, 100, 3, 4],
    ])
    #expect(abs(found[0] - 12.1) < 1e-12)
  }

  @Test func labelScaleTakesTheLabelsRow() throws {
    let run = try LayerRun(
      "label_scale:", .maps(channels: 2, height: 1, width: 1), batch: 2, classes: 2)
    #expect(
      try run.result([
        "x": [1, 2, 1, 2], "labels": [0, 1, 1, 0], "weight": [1, 10, 100, 1000],
        "bias": [0.5, 0.25, 0.125, 0],
      ]) == [100.125, 2000, 1.5, 20.25])
  }

  @Test(arguments: ["label_projection:", "label_scale:", "embed_labels: 2"])
  func labelsAreNeeded(_ yaml: String) throws {
    let layer = try LayerRun.layer(yaml)
    let problem = #expect(throws: ShapeProblem.self) {
      try layer.outputShape(for: .vector(3), LayerContext(classes: nil))
    }
    #expect(problem?.help == ["`condition: {classes: 10}` gives the networks labels"])
  }

  /// PyTorch's `interpolate(mode="bilinear", align_corners=False)`.
  @Test func bilinearUpsamplingIsPyTorchs() throws {
    let run = try LayerRun(
      "upsample: {mode: bilinear}", .maps(channels: 1, height: 2, width: 3), batch: 1)
    let found = try run.result(["x": [1, 2, 4, 8, 3, 5]])
    let expected: [Double] = [
      1.0, 1.25, 1.75, 2.5, 3.5, 4.0, 2.75, 2.625, 2.375, 2.75, 3.75, 4.25, 6.25, 5.375, 3.625,
      3.25, 4.25, 4.75, 8.0, 6.75, 4.25, 3.5, 4.5, 5.0,
    ]
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 } && found.count == 24)
  }

  @Test func upsampleRepeatsPixels() throws {
    let run = try LayerRun("upsample: 2", .maps(channels: 1, height: 1, width: 2), batch: 1)
    #expect(try run.result(["x": [1, 2]]) == [1, 1, 2, 2, 1, 1, 2, 2])
  }

  @Test func labelsFollowTheFeatures() throws {
    let vector = try LayerRun("concatenate_labels:", .vector(1), batch: 2, classes: 2)
    #expect(
      try vector.result(["x": [5, 6], "labels": [0, 1, 1, 0]]) == [5, 0, 1, 6, 1, 0])
    let maps = try LayerRun(
      "concatenate_labels:", .maps(channels: 1, height: 1, width: 2), batch: 1, classes: 2)
    #expect(try maps.result(["x": [5, 6], "labels": [0, 1]]) == [5, 0, 1, 6, 0, 1])
    #expect(
      try refusal("concatenate_labels:", .vector(1))
        == "there are no labels to join; `condition: {classes: 10}` gives the networks labels")
  }
}

@Suite struct DropoutTests {
  @Test func trainingDropsAndScales() throws {
    let count = 4000
    let run = try LayerRun("dropout: 0.25", .vector(count), batch: 1)
    let y = try run.result(["x": [Double](repeating: 3, count: count)])
    #expect(Set(y) == [0, 4])
    // Of 4000, 1000 are dropped, with a standard deviation of √(4000·0.25·0.75) ≈ 27.
    #expect(abs(y.count { $0 == 0 } - 1000) < 5 * 27)
  }

  @Test func evaluationPassesEverything() throws {
    let run = try LayerRun("dropout: 0.25", .vector(2), mode: .evaluate, batch: 1)
    #expect(run.y == run.x)
  }

  @Test func twoLayersDropDifferentNumbers() throws {
    let layer = try LayerRun.layer("dropout: 0.5")
    var builder = ProgramBuilder()
    let x = builder.input("x", [1, 100])
    var lowering = Lowering(program: builder, mode: .train, tensors: [:], firstStream: 7)
    let context = LayerContext(classes: nil)
    let first = lowering.lower(layer, path: "a", context, x)
    let second = lowering.lower(layer, path: "b", context, x)
    #expect(lowering.nextStream == 9)
    #expect(first != second)
  }
}
