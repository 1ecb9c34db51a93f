import Device
import Model
import Program
import Spec
import Training

/// What a generator's layers hold when it makes an image: its latent vector is looked for first.
///
/// A class because it owns loaded programs; used from one thread at a time.
final class GeneratorFeatures {
  private let networks: TrainedNetworks
  private let search: LatentSearch
  private let loaded: any LoadedProgram
  private let seed: UInt64
  /// Numbers for each image.
  let size: Int

  /// Images whose vectors are looked for together, and steps of the search.
  private static let (batch, steps) = (64, 100)

  init(of networks: TrainedNetworks, edge: Int, seed: UInt64) throws(StudyProblem) {
    let program = GeneratorFeatureProgram(
      of: networks.spec, graph: networks.graph, batch: Self.batch, edge: edge)
    guard program.size > 0 else { throw .noHiddenLayer(name: nil, names: []) }
    (self.networks, self.seed, size) = (networks, seed, program.size)
    (search, loaded) = try training { () throws(TrainingProblem) in
      (try LatentSearch(of: networks, count: Self.batch), try networks.load(program.program))
    }
  }

  /// The features [N, F] of images [N, H, W, C].
  func vectors(of images: [Float]) throws(TrainingProblem) -> [[Float]] {
    let spec = networks.spec
    let pixels = spec.image.height * spec.image.width * spec.image.channels
    let count = images.count / pixels
    let start = spec.latent.noise(first: 0, count: Self.batch, seed: seed)
    // Of a conditional network, the same class for all, which tells nothing.
    let labels = spec.condition.map { _ in [Int](repeating: 0, count: Self.batch) }
    var vectors: [[Float]] = []
    for first in stride(from: 0, to: count, by: Self.batch) {
      // The last image fills up.
      let targets = (first..<first + Self.batch).flatMap { item in
        let item = min(item, count - 1)
        return images[item * pixels..<(item + 1) * pixels]
      }
      let z = try search.descend(from: start, to: targets, steps: Self.steps, labels: labels).z
      let found = try onDevice { () throws(DeviceProblem) in
        try networks.state.write(z, to: TensorName.searchedNoise)
        try loaded.run(key: RandomKey(seed: 0, step: 0))
        return try loaded.output(TensorName.features)
      }
      for place in 0..<min(Self.batch, count - first) {
        vectors.append(Array(found[place * size..<(place + 1) * size]))
      }
    }
    return vectors
  }
}
