import CPU
import Device
import Model
import Program
import Testing

@testable import Studies

/// The classifier that knows only samples, against distances by plain loops.
@Suite struct NearestNeighborTests {
  /// Noise [count, size] on [0, 1).
  private func vectors(_ count: Int, _ size: Int, stream: Int) -> [Float] {
    let stream = RandomStream(key: RandomKey(seed: 5, step: 0), stream: stream)
    return (0..<count * size).map { stream.uniform(at: $0) }
  }

  @Test func theScoreIsThatOfTheNearestSample() throws {
    let (samples, targets, size) = (37, 23, 19)
    let (s, t) = (vectors(samples, size, stream: 0), vectors(targets, size, stream: 1))
    let state = try CPUDevice(threads: 2).makeState()
    let loaded = try state.load(
      NearestProgram(samples: samples, targets: targets, size: size).program)
    try state.write(s, to: TensorName.nearestSamples)
    try state.write(t, to: TensorName.nearestTargets)
    try loaded.run(key: RandomKey(seed: 0, step: 0))
    let scores = try loaded.output(TensorName.nearestScores)
    for target in 0..<targets {
      let own = (0..<size).reduce(0.0) {
        $0 + Double(t[target * size + $1]) * Double(t[target * size + $1])
      }
      let least =
        (0..<samples).map { sample in
          (0..<size).reduce(0.0) { sum, place in
            let difference = Double(s[sample * size + place]) - Double(t[target * size + place])
            return sum + difference * difference
          }
        }.min() ?? .infinity
      #expect(abs(own - 2 * Double(scores[target]) - least) < 1e-5)
    }
  }

  /// The best of all blocks decides, and of equals the first.
  @Test func theNearestOfAllBlocksDecides() {
    var nearest = NearestClasses([0, 1, 2, 2])
    #expect(nearest.error == 1)
    nearest.offer([1, 5, 3, 4], label: 2)
    nearest.offer([2, 4, 3, 5], label: 0)
    #expect(nearest.error == 0.5)
    nearest.offer([0, 6, 0, 6], label: 1)
    #expect(nearest.error == 0.25)
  }
}
