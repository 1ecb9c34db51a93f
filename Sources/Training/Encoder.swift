import Datasets
import Device
import LayerGraph
import Model
import Program
import Spec

/// A trained discriminator as a function of images: of an autoencoder, the half that makes codes.
///
/// A class because it owns a loaded program; used from one thread at a time.
package final class Encoder {
  /// Images that are encoded together.
  package let batch: Int
  private let range: ClosedRange<Float>
  private let state: any DeviceState
  private let loaded: any LoadedProgram

  /// - Parameter checkpoint: of a run; it holds its spec.
  package init(
    checkpoint path: String, batch: Int, device: any Device
  ) throws(TrainingProblem) {
    let checkpoint = try Checkpoint(contentsOf: path)
    let (spec, graph) = try checkpoint.compiled()
    let program = graph.discriminator.forwardProgram(batch: batch, mode: .evaluate)
    let (state, loaded) = try onDevice { () throws(DeviceProblem) in
      let state = try device.makeState()
      return (state, try state.load(program))
    }
    let tensors = StateTensor.all(of: spec, graph: graph)
    try checkpoint.load(tensors.filter { state.contains($0.name) }, into: state)
    (self.batch, self.state, self.loaded) = (batch, state, loaded)
    range = spec.image.pixelRange
  }

  /// What comes out for images [N, H, W, C] in bytes, N at most `batch`: N vectors in a row.
  package func codes(of images: [UInt8], count: Int) throws(TrainingProblem) -> [Float] {
    let values = Batches.values(in: range)
    let size = images.count / count
    let input =
      images.map { values[Int($0)] } + [Float](repeating: 0, count: (batch - count) * size)
    let codes = try onDevice { () throws(DeviceProblem) in
      try state.write(input, to: "input")
      try loaded.run(key: RandomKey(seed: 0, step: 0))
      return try loaded.output("output")
    }
    return Array(codes.prefix(codes.count / batch * count))
  }
}
