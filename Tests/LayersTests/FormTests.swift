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
