import Images
import Model
import Program
import Spec
import Training

/// Arithmetic with concepts, such as a smiling woman − a neutral one + a neutral man.
///
/// Each concept is the mean latent vector of its samples. The result is drawn in the middle of a 3 × 3
/// square, with noise around it; beside it, for contrast, the same arithmetic with the images
/// themselves. Source: Radford et al. 2015, section 6.3.2 and figure 7.
package struct LatentArithmetic: Sendable {
  package let concepts: Concepts
  package let expression: String
  /// The class that a conditional generator makes.
  package let label: Int
  /// Uniform noise on ± so much is added to all but the middle one.
  package let noise: Float

  /// As in the paper.
  package static let paperNoise: Float = 0.25
  /// Samples of a concept below which the mean is unsteady, as the authors found.
  package static let wantedExemplars = 3

  package init(concepts: Concepts, expression: String, label: Int, noise: Float = paperNoise) {
    (self.concepts, self.expression) = (concepts, expression)
    (self.label, self.noise) = (label, noise)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.arithmetic.rawValue
    package let checkpoint: String
    package let expression: String
    package let seed: UInt64
    /// The latent vector of the result, [Z].
    package let z: [Float]
    /// Concepts of fewer samples than `wantedExemplars`.
    package let few: [String]
    /// What a classifier says; nil without one.
    package let accepted: Accepted?

    /// How many of the nine images a classifier takes for what is wanted.
    package struct Accepted: Encodable, Sendable {
      package let classifier: String
      /// The class that is wanted.
      package let wanted: Int
      package let result: Int
      /// Around the mean of each concept of the expression, with the same noise.
      package let concepts: [Concept]

      package struct Concept: Encodable, Sendable {
        package let name: String
        package let count: Int
      }
    }

    private enum CodingKeys: String, CodingKey {
      case study, checkpoint, expression, seed, z, few, accepted
    }
  }

  /// `judge` is a classifier with the class that is wanted.
  package func run(
    on networks: TrainedNetworks, judge: (classifier: TrainedNetworks, wanted: Int)? = nil
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let latents = try Latents(of: networks, label: label)
    let exemplars = concepts.all.map { latents.noise($0.numbers, seed: concepts.seed) }
    let size = networks.spec.latent.size
    let means = exemplars.map { Self.mean(of: $0, size: size) }
    let z = try concepts.value(of: expression, vectors: means)

    let picture = StudyPicture(of: networks.spec.image)
    var parts: [(title: String, picture: ImageBuffer)] = []
    let used = concepts.used(in: expression)
    var pixels = concepts.all.map { _ in [Float]() }
    for (place, concept) in concepts.all.enumerated() {
      let images = try latents.images(for: exemplars[place] + means[place])
      let imageSize = images.count / (concept.numbers.count + 1)
      pixels[place] = Self.mean(of: Array(images.dropLast(imageSize)), size: imageSize)
      guard used.contains(where: { $0.name == concept.name }) else { continue }
      let captions = concept.numbers.map(String.init) + ["mean"]
      parts.append(
        (concept.name, picture.sheet(images, columns: captions.count, captions: captions)))
    }

    let results = try latents.images(for: vectors(around: z))
    let accepted = try judge.map { judge throws(StudyProblem) in
      let features = try ClassifierFeatures(judge.classifier, of: networks.spec.image)
      func count(_ images: [Float]) throws(StudyProblem) -> Int {
        try features.count(of: judge.wanted, in: images, networks.spec.image)
      }
      var before: [Result.Accepted.Concept] = []
      for (place, concept) in concepts.all.enumerated()
      where used.contains(where: { $0.name == concept.name }) {
        let images = try latents.images(for: vectors(around: means[place]))
        before.append(Result.Accepted.Concept(name: concept.name, count: try count(images)))
      }
      return Result.Accepted(
        classifier: judge.classifier.checkpoint, wanted: judge.wanted,
        result: try count(results), concepts: before)
    }
    parts.append((expression, picture.sheet(results, columns: 3)))
    let inPixels = try concepts.value(of: expression, vectors: pixels)
    parts.append(("the same in pixels", picture.sheet(inPixels, columns: 1)))
    return (
      StudyPicture.stacked(parts),
      Result(
        checkpoint: networks.checkpoint, expression: expression, seed: concepts.seed, z: z,
        few: used.filter { $0.numbers.count < Self.wantedExemplars }.map(\.name),
        accepted: accepted)
    )
  }

  /// Images of the result, in a square.
  package static let around = 9
  private static let middle = 4

  /// A vector [Z] in the middle of nine [9, Z], the others with noise.
  private func vectors(around z: [Float]) -> [Float] {
    let stream = RandomStream(key: RandomKey(seed: concepts.seed, step: 0), stream: 0)
    return (0..<Self.around).flatMap { place in
      z.indices.map { component in
        let chance = 2 * stream.uniform(at: place * z.count + component) - 1
        return place == Self.middle ? z[component] : z[component] + noise * chance
      }
    }
  }

  /// The mean of vectors [N, size].
  static func mean(of vectors: [Float], size: Int) -> [Float] {
    let count = vectors.count / size
    return (0..<size).map { component in
      let sum = (0..<count).reduce(0.0) { $0 + Double(vectors[$1 * size + component]) }
      return Float(sum / Double(count))
    }
  }
}
