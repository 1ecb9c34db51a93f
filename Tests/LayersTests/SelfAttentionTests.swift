import Layers
import Program
import Testing

@Suite struct SelfAttentionTests {
  static let maps = FeatureShape.maps(channels: 2, height: 1, width: 2)

  @Test func changesNothingWhileTheGainIsZero() throws {
    let run = try LayerRun("self_attention: 1", Self.maps, batch: 1)
    #expect(try run.result(["x": [1, 2, 3, 4], "gain": [0]]) == [1, 2, 3, 4])
  }

  /// Queries and keys of thousands: one position takes all, and nothing overflows.
  @Test func largeScoresDoNotOverflow() throws {
    let run = try LayerRun("self_attention: 1", Self.maps, batch: 1)
    let one: [Double] = [1, 0, 0, 1]
    let found = try run.result([
      "x": [3000, 0, 0, 2000], "query": one, "key": one, "value": one, "out": one, "gain": [1],
    ])
    #expect(found == [6000, 0, 0, 4000])
  }

  @Test func poolingMustDivideTheMaps() throws {
    #expect(
      try refusal("self_attention: {pool: 4}", .maps(channels: 8, height: 6, width: 4))
        == "`pool: 4` does not divide 6 × 4 maps")
  }

  @Test func vectorsAreRefused() throws {
    #expect(try refusal("self_attention:", .vector(4)) != nil)
  }

  /// Of 16 positions: 4 projections of 16 · 8 · 1, and twice 16 · 4 · 1.
  @Test func multiplyAddsCountBothProducts() throws {
    let layer = try LayerRun.layer("self_attention: {pool: 2}")
    let maps = FeatureShape.maps(channels: 8, height: 4, width: 4)
    #expect(layer.multiplyAdds(for: maps, LayerContext(classes: nil)) == 4 * 128 + 2 * 64)
  }
}
