import Device
import LayerGraph
import Model
import Program
import Spec

/// Looks at what both networks make of the same noise, without changing them.
///
/// A class because it owns a loaded program; used from one thread at a time.
package final class HealthProbe {
  private let spec: Spec
  private let state: any DeviceState
  private let program: VitalsProgram
  private let loaded: any LoadedProgram

  /// Images in a look.
  static let batch = 64

  /// What a look has found.
  package struct Look: Sendable {
    /// Of generated images.
    package let vitals: Vitals
    /// Each ReLU with the number of its channels that gave 0 for every image, where there are any.
    package let dead: [DeadChannels]
  }

  package struct DeadChannels: Sendable {
    /// The ReLU.
    package let node: LayerNode
    /// Whether a norm stands right before it.
    package let followsNorm: Bool
    package let count: Int
    package let channels: Int

    var share: Float { Float(count) / Float(channels) }
  }

  package init(
    spec: Spec, graph: LayerGraph, state: any DeviceState
  ) throws(TrainingProblem) {
    let program = VitalsProgram(of: spec, graph: graph, batch: Self.batch)
    loaded = try onDevice { () throws(DeviceProblem) in try state.load(program.program) }
    self.spec = spec
    self.state = state
    self.program = program
  }

  package func look() throws(TrainingProblem) -> Look {
    let z = spec.latent.noise(first: 0, count: Self.batch, seed: 0)
    return try onDevice { () throws(DeviceProblem) in
      try state.write(z, to: TensorName.vitalsNoise)
      if let classes = spec.condition?.classes, state.contains(TensorName.vitalsLabels) {
        let labels = (0..<Self.batch).map { $0 % classes }
        try state.write(oneHot(labels, classes: classes), to: TensorName.vitalsLabels)
      }
      try loaded.run(key: RandomKey(seed: 0, step: 0))
      let images = try loaded.output(TensorName.images)
      var dead: [DeadChannels] = []
      var (deadCount, channelCount) = (0, 0)
      for (node, followsNorm) in program.rectifiers {
        let sums = try loaded.output(TensorName.activity(node.path))
        let count = sums.count { $0 == 0 }
        deadCount += count
        channelCount += sums.count
        if count > 0 {
          dead.append(
            DeadChannels(node: node, followsNorm: followsNorm, count: count, channels: sums.count))
        }
      }
      return Look(
        vitals: Vitals(
          of: images, count: Self.batch, range: spec.image.pixelRange,
          deadChannels: Float(deadCount) / Float(max(channelCount, 1))), dead: dead)
    }
  }
}
