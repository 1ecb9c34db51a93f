import Model
import Device
import LayerGraph
import Layers
import Program
import Spec

/// A generator that makes images.
///
/// A class because it owns a loaded program; used from one thread at a time.
package final class Sampler {
  package let spec: Spec
  private let program: SamplingProgram
  private let state: any DeviceState
  private let loaded: any LoadedProgram
  private let calibration: Calibration?

  /// Images with what they were made of.
  package struct Samples: Sendable {
    /// Pixels [N, H, W, C] in the spec's range.
    package let images: [Float]
    /// Latent vectors [N, Z].
    package let z: [Float]
    /// Classes [N], of a conditional network.
    package let labels: [Int]?
  }

  /// Uses the generator's tensors in `state`, `batch` images at a time.
  package init(
    spec: Spec, graph: LayerGraph, batch: Int, state: any DeviceState,
    mode: Lowering.Mode = .evaluate
  ) throws(TrainingProblem) {
    self.spec = spec
    self.state = state
    let program = SamplingProgram(of: spec, graph: graph, batch: batch, mode: mode)
    loaded = try onDevice { () throws(DeviceProblem) in try state.load(program.program) }
    self.program = program
    calibration = try CalibrationProgram(of: spec, graph: graph).map {
      program throws(TrainingProblem) in
      try Calibration(program, of: spec, in: state)
    }
  }

  /// Measures statistics that are `calibrated`; to be called before images are made of new weights.
  package func calibrate() throws(TrainingProblem) { try calibration?.run(on: state) }

  /// Images for z [N, Z] and, for a conditional network, N labels.
  ///
  /// N need not be a multiple of the batch; the last batch is filled up with its own images, from the
  /// first on.
  package func images(
    for z: [Float], labels: [Int]?
  ) throws(TrainingProblem) -> [Float] {
    let (batch, size) = (program.batch, spec.latent.size)
    let count = z.count / size
    precondition(z.count == count * size, "\(z.count) numbers for latent vectors of \(size)")
    precondition((labels?.count ?? count) == count, "\(labels?.count ?? 0) labels for \(count)")
    let imageSize = spec.image.height * spec.image.width * spec.image.channels
    var images: [Float] = []
    images.reserveCapacity(count * imageSize)
    for start in stride(from: 0, to: count, by: batch) {
      let items = start..<min(start + batch, count)
      let places = (0..<batch).map { items.lowerBound + $0 % items.count }
      let noise = places.flatMap { z[$0 * size..<($0 + 1) * size] }
      let made = try onDevice { () throws(DeviceProblem) in
        try state.write(noise, to: TensorName.sampleNoise)
        if let condition = spec.condition, let labels, state.contains(TensorName.sampleLabels) {
          try state.write(
            oneHot(places.map { labels[$0] }, classes: condition.classes),
            to: TensorName.sampleLabels)
        }
        try loaded.run(key: RandomKey(seed: 0, step: 0))
        return try loaded.output(TensorName.images)
      }
      images += made[..<(items.count * imageSize)]
    }
    return images
  }

  /// Images `items` of those that a seed stands for; labels run through `classes` in turn.
  ///
  /// An image does not depend on which others are made with it, unless a batchnorm's `statistics` are
  /// those of the batch.
  package func samples(
    _ items: Range<Int>, seed: UInt64, classes: [Int]
  ) throws(TrainingProblem) -> Samples {
    let z = spec.latent.noise(first: items.lowerBound, count: items.count, seed: seed)
    let labels = spec.condition.map { _ in items.map { classes[$0 % classes.count] } }
    return Samples(images: try images(for: z, labels: labels), z: z, labels: labels)
  }

  /// How many images are made at a time.
  package var batch: Int { program.batch }
}
