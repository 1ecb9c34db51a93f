import Datasets
import Device
import Images
import Spec
import Training

/// How often a sample has the hash of a training image, and how often a real image does that the
/// generator has not learned from.
///
/// The hash is the code of an autoencoder of 3072-128-3072 numbers that was trained on the training
/// images, as for near-duplicates; up to three bits may differ. A generator that has memorised images
/// collides more often than real images do. Source: Radford et al. 2015, section 4.1.1.
package struct Collisions: Sendable {
  /// Samples, and as many real images that were kept back, if there are so many.
  package let samples: Int
  package let seed: UInt64
  /// The class that a conditional generator makes.
  package let label: Int

  package init(samples: Int, seed: UInt64, label: Int) {
    (self.samples, self.seed, self.label) = (samples, seed, label)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.collisions.rawValue
    package let checkpoint: String
    /// Training images whose hashes are known.
    package let images: Int
    package let seed: UInt64
    package let generated: Rate
    /// Of real images kept back; nil where there are none.
    package let kept: Rate?

    package struct Rate: Encodable, Sendable {
      package let images: Int
      /// Those whose hash a training image has.
      package let collisions: Int
    }
  }

  /// Pairs in the picture.
  private static let shown = 10

  /// `encoder` is a trained autoencoder's checkpoint; `report` is called with how many images have hashes.
  package func run(
    on networks: TrainedNetworks, train: any Dataset, kept: (any Dataset)?, encoder: String,
    report: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let latents = try Latents(of: networks, label: label)
    let made = try latents.images(for: latents.noise(Array(0..<samples), seed: seed))
    let generated = SampleImages(made, networks.spec.image)
    let real = kept.map { min(samples, $0.count) } ?? 0
    let all = train.count + samples + real
    let hasher = try training { () throws(TrainingProblem) in
      try ImageHashes(by: encoder, device: networks.device)
    }
    let known = HashIndex(
      try training { () throws(TrainingProblem) in
        try hasher.hashes(of: train, 0..<train.count) { report($0, all) }
      })
    /// The images of a set that collide, each with a training image.
    func collisions(
      of dataset: any Dataset, _ count: Int, done: Int
    ) throws(StudyProblem) -> [(item: Int, image: Int)] {
      let hashes = try training { () throws(TrainingProblem) in
        try hasher.hashes(of: dataset, 0..<count) { report(done + $0, all) }
      }
      var pairs: [(item: Int, image: Int)] = []
      for (item, hash) in hashes.enumerated() {
        var first: Int?
        known.forEach(near: hash) { first = min($0, first ?? $0) }
        if let first { pairs.append((item, first)) }
      }
      return pairs
    }
    let found = try collisions(of: generated, samples, done: train.count)
    var rate: Result.Rate?
    var realPairs: [(item: Int, image: Int)] = []
    if let kept, real > 0 {
      realPairs = try collisions(of: kept, real, done: train.count + samples)
      rate = Result.Rate(images: real, collisions: realPairs.count)
    }
    let pixels = RealPixels(as: networks.spec.image)
    func rows(
      _ pairs: [(item: Int, image: Int)], of dataset: any Dataset, _ title: String
    ) throws(StudyProblem) -> [(title: String, picture: ImageBuffer)] {
      let shown = pairs.prefix(Self.shown)
      if shown.isEmpty { return [] }
      let images =
        try pixels.images(of: dataset, shown.map(\.item))
        + pixels.images(of: train, shown.map(\.image))
      return [
        (title, StudyPicture(of: networks.spec.image).sheet(images, columns: shown.count))
      ]
    }
    var parts = try rows(
      found, of: generated, "samples, and the training images with their hashes")
    if let kept {
      parts += try rows(
        realPairs, of: kept, "real images kept back, and the training images with theirs")
    }
    if parts.isEmpty {
      let first = Array(made.prefix(made.count / samples * min(samples, Self.shown)))
      parts = [
        (
          "samples: none has the hash of a training image",
          StudyPicture(of: networks.spec.image).sheet(first, columns: min(samples, Self.shown))
        )
      ]
    }
    return (
      StudyPicture.stacked(parts),
      Result(
        checkpoint: networks.checkpoint, images: train.count, seed: seed,
        generated: Result.Rate(images: samples, collisions: found.count), kept: rate)
    )
  }
}

/// Samples as a data set.
private struct SampleImages: Dataset {
  let name = "samples"
  let imageShape: ImageShape
  let labelCount: Int? = nil
  // [N, H, W, C]
  private let bytes: [UInt8]

  /// Images [N, H, W, C] in the spec's range.
  init(_ images: [Float], _ image: ImageSpec) {
    imageShape = ImageShape(height: image.height, width: image.width, channels: image.channels)
    bytes = image.bytes(of: images)
  }

  var count: Int { bytes.count / imageShape.count }

  func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem) {
    for place in 0..<imageShape.count { pixels[place] = bytes[index * imageShape.count + place] }
  }

  func label(at index: Int) throws(DatasetProblem) -> Int? { nil }

  func fingerprint() throws(DatasetProblem) -> DataFingerprint {
    DataFingerprint(source: name, images: count, shape: imageShape.description, hash: "")
  }
}
