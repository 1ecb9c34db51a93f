import Model
import LayerGraph
import Layers
import Program
import CPU
import Spec

/// A generator that makes images.
///
/// A class because it owns a plan's memory; used from one thread at a time.
package final class Sampler {
  package let spec: Spec
  private let program: SamplingProgram
  private let store: TensorStore
  private let executor: Executor

  /// Images with what they were made of.
  package struct Samples: Sendable {
    /// Pixels [N, H, W, C] in the spec's range.
    package let images: [Float]
    /// Latent vectors [N, Z].
    package let z: [Float]
    /// Classes [N], of a conditional network.
    package let labels: [Int]?
  }

  /// Uses the generator's tensors in `store`, `batch` images at a time.
  package init(
    spec: Spec, graph: LayerGraph, batch: Int, store: TensorStore, pool: WorkerPool,
    mode: Lowering.Mode = .evaluate, kernels: KernelChoice = KernelChoice()
  ) throws(TrainingProblem) {
    self.spec = spec
    program = SamplingProgram(of: spec, graph: graph, batch: batch, mode: mode)
    self.store = store
    executor = try Executor.make(
      for: program.program, store: store, pool: pool, kernels: kernels)
  }

  /// Images for z [N, Z] and, for a conditional network, N labels.
  ///
  /// Any N will do: the last batch is filled up with zeros.
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
      let filling = [Float](repeating: 0, count: (batch - items.count) * size)
      let noise = z[items.lowerBound * size..<items.upperBound * size] + filling
      try store.set(TensorName.sampleNoise, to: Array(noise))
      if let condition = spec.condition, let labels {
        let padded = labels[items] + [Int](repeating: 0, count: batch - items.count)
        try store.set(
          TensorName.sampleLabels, to: oneHot(Array(padded), classes: condition.classes))
      }
      executor.run(key: RandomKey(seed: 0, step: 0))
      let made = try runtime { () throws(RuntimeError) in try executor.output(TensorName.images) }
      images += made[..<(items.count * imageSize)]
    }
    return images
  }

  /// `count` images for a seed; labels run through `classes` in turn.
  package func samples(
    count: Int, seed: UInt64, classes: [Int]
  ) throws(TrainingProblem) -> Samples {
    let z = spec.latent.noise(count: count, seed: seed)
    let labels = spec.condition.map { _ in (0..<count).map { classes[$0 % classes.count] } }
    return Samples(images: try images(for: z, labels: labels), z: z, labels: labels)
  }
}

/// Labels [N] as vectors [N, classes] of zeros with a one.
func oneHot(_ labels: [Int], classes: Int) -> [Float] {
  var vectors = [Float](repeating: 0, count: labels.count * classes)
  for (item, label) in labels.enumerated() { vectors[item * classes + label] = 1 }
  return vectors
}
