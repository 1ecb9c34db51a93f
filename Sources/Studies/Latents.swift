import Files
import Model
import Spec
import Training

extension TrainedNetworks {
  /// What makes images, with all its statistics measured.
  func calibratedSampler() throws(StudyProblem) -> Sampler {
    try training { () throws(TrainingProblem) in
      let sampler = try sampler(batch: min(64, spec.train.batch))
      try sampler.calibrate()
      return sampler
    }
  }
}

/// Latent vectors of trained networks, by their numbers, and the images that they stand for.
struct Latents {
  let networks: TrainedNetworks
  private let sampler: Sampler
  private let label: Int

  /// Throws where a conditional network has no class `label`.
  init(of networks: TrainedNetworks, label: Int) throws(StudyProblem) {
    if let condition = networks.spec.condition, !(0..<condition.classes).contains(label) {
      throw .noSuchClass(label: label, classes: condition.classes)
    }
    self.networks = networks
    self.label = label
    sampler = try networks.calibratedSampler()
  }

  /// The vectors [count, Z] with these numbers among those of a seed.
  func noise(_ numbers: [Int], seed: UInt64) -> [Float] {
    numbers.flatMap { networks.spec.latent.noise(first: $0, count: 1, seed: seed) }
  }

  /// Images [N, H, W, C] for z [N, Z].
  func images(for z: [Float]) throws(StudyProblem) -> [Float] {
    let (count, image) = (z.count / networks.spec.latent.size, networks.spec.image)
    // The numbers, their bytes, and the picture, which is larger by whole pixels.
    let edge = StudyPicture(of: image).scale
    let bytes =
      count * image.height * image.width * image.channels * (MemoryLayout<Float>.size + edge * edge)
    guard bytes <= MachineMemory.limit / 4 else {
      throw .tooManyImages(count: count, bytes: bytes)
    }
    return try training { () throws(TrainingProblem) in
      try sampler.images(for: z, labels: labels(count))
    }
  }

  /// The class of each of `count` images; nil without classes.
  func labels(_ count: Int) -> [Int]? {
    networks.spec.condition.map { _ in [Int](repeating: label, count: count) }
  }
}
