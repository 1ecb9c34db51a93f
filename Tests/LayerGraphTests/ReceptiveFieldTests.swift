import LayerGraph
import Layers
import Testing

@Suite struct ReceptiveFieldTests {
  /// 5, then (5 − 1)·2, (5 − 1)·4, … more.
  @Test func paperNetwork() throws {
    let graph = try graph(shippedSpec("lsun64"))
    let sees = zip(graph.discriminator.nodes, graph.discriminator.receptiveFields)
      .filter { $0.0.kind.role == .weighted }.map(\.1)
    #expect(
      sees == [
        .pixels(Sides(both: 5)), .pixels(Sides(both: 13)), .pixels(Sides(both: 29)),
        .pixels(Sides(both: 61)), .everything,
      ])
    let fields = zip(graph.generator.nodes, graph.generator.receptiveFields)
      .filter { $0.0.kind.role == .weighted }.map(\.1)
    #expect(
      fields == [
        .everything, .pixels(Sides(both: 61)), .pixels(Sides(both: 29)), .pixels(Sides(both: 13)),
        .pixels(Sides(both: 5)),
      ])
  }

  /// Where two ways meet, the larger field counts; `take` goes back to that of the layer it names.
  @Test func joinsSeeWhatBothWaysSee() throws {
    let graph = try graph(
      spec(
        generator:
          "project: {to: [1, 4, 4]}, conv: {name: a, filters: 1, kernel: 3}, conv: {filters: "
          + "1, kernel: 5}, take: a, conv: {filters: 1, kernel: 1}, add: -3",
        discriminator:
          "conv: {name: a, filters: 1, kernel: 3}, conv: {filters: 1, kernel: 5}, take: "
          + "a, conv: {filters: 1, kernel: 1}, add: -3, linear: 1"))
    func pixels(_ sides: [Int]) -> [ReceptiveField] { sides.map { .pixels(Sides(both: $0)) } }
    #expect(graph.discriminator.receptiveFields == pixels([3, 7, 3, 3, 7]) + [.everything])
    #expect(graph.generator.receptiveFields == [.everything] + pixels([7, 5, 1, 1, 1]))
  }

  /// A doubled pixel is met by one 2 × 2 window; after it, 3 × 3 sees 1 + 2·½ pixels.
  @Test func upsamplingShrinksSteps() throws {
    let graph = try graph(
      spec(
        generator: "project: {to: [1, 4, 4]}",
        discriminator: "upsample: 2, conv: {filters: 1, kernel: 3}, linear: 1"))
    #expect(
      graph.discriminator.receptiveFields == [
        .pixels(Sides(both: 1)), .pixels(Sides(both: 2)), .everything,
      ])
  }
}
