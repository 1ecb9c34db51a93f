import Layers
import Testing

@Suite struct ProjectionTests {
  @Test func outputsAreInChannelOrder() throws {
    let run = try LayerRun("project: {to: [2, 1, 2]}", .vector(1), batch: 1)
    // By channel 0, 1, 2, 3 plus the bias; as pixels (0, 2), (1, 3).
    let y = try run.result(["x": [1], "weight": [0, 1, 2, 3], "bias": [0, 10, 20, 30]])
    #expect(y == [0, 22, 11, 33])
    #expect(run.parameters.map(\.fileShape) == [[4, 1], [4]])
  }
}
