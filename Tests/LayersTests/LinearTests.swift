import Layers
import Testing

@Suite struct LinearTests {
  @Test func mapsAreTakenInChannelOrder() throws {
    let run = try LayerRun(
      "linear: {units: 1}", .maps(channels: 2, height: 1, width: 2), batch: 1)
    // Two pixels of two channels: (1, 2), (3, 4); by channel 1, 3, 2, 4.
    let y = try run.result(["x": [1, 2, 3, 4], "weight": [1, 10, 100, 1000], "bias": [0.5]])
    #expect(y == [4231.5])
    #expect(run.parameters[0].fileShape == [1, 4])
  }
}
