import Datasets
import Files
import Images
import Model
import Program
import Spec
import Training

/// Samples that show a class of labelled images, found by a classifier instead of by people.
///
/// A linear support vector machine learns the classes of real images from the discriminator's features,
/// and scores samples; the best of each class become its concept. Source: Radford et al. 2015,
/// sections 5.1 (the classifier) and 6.3.2 (the concepts).
package struct LabelledConcepts: Sendable {
  /// Samples to choose from.
  package let samples: Int
  /// Samples of a concept.
  package let count: Int
  /// Labelled images to learn from, at most; a fifth of them is kept back to try the classifier.
  package let learned: Int
  package let seed: UInt64
  /// The class that a conditional generator makes.
  package let label: Int

  package init(samples: Int, count: Int, learned: Int, seed: UInt64, label: Int) {
    (self.samples, self.count, self.learned) = (samples, count, learned)
    (self.seed, self.label) = (seed, label)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.concepts.rawValue
    package let checkpoint: String
    package let seed: UInt64
    /// The share of images kept back whose class is told.
    package let accuracy: Double
    package let concepts: [Concept]

    package struct Concept: Encodable, Sendable {
      package let name: String
      /// Numbers of samples of the seed, best first.
      package let numbers: [Int]
      /// How far each is on the class's side of the border.
      package let scores: [Double]
    }

    /// The concepts as `Concepts` reads them.
    package var file: String {
      concepts.reduce("seed: \(seed)\n") { text, concept in
        text + "\(concept.name): [\(concept.numbers.map(String.init).joined(separator: ", "))]\n"
      }
    }
  }

  package func run(
    on networks: TrainedNetworks, labelled dataset: any Dataset
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    if networks.graph.discriminator.usesLabels { throw .discriminatorReadsLabels }
    guard let classes = dataset.labelCount else { throw .noLabels(dataset: dataset.name) }
    let items = dataset.places(learned, seed: seed)
    let labels = try dataset.labels(at: items)
    let parts = items.indices.map { $0.isMultiple(of: Self.keptBack) }
    let distinct = Set(zip(parts, labels).compactMap { $0 ? nil : $1 })
    guard distinct.count > 1 else {
      throw .fewClasses(dataset: dataset.name, found: distinct.count)
    }

    let maker = try training { () throws(TrainingProblem) in
      try DiscriminatorFeatures(
        of: networks, batch: RealPixels.batch, reading: .convolutions(edge: 4))
    }
    let size = maker.program.size
    let bytes =
      (items.count + samples) * size * MemoryLayout<Float>.size
      + LinearClassifier.Examples.bytes(count: items.count + samples, size: size)
    guard bytes <= MachineMemory.limit / 2 else {
      throw .tooManyImages(count: items.count + samples, bytes: bytes)
    }
    let pixels = RealPixels(as: networks.spec.image)
    let features = try pixels.vectors(of: dataset, items) { images throws(TrainingProblem) in
      try maker.vectors(of: images)
    }
    let scale = LinearClassifier.scale(of: features)
    func examples(keptBack: Bool) -> LinearClassifier.Examples {
      let places = items.indices.filter { parts[$0] == keptBack }
      return LinearClassifier.Examples(
        places.map { features[$0] }, places.map { labels[$0] }, scale: scale)
    }
    let classifier = LinearClassifier(examples(keptBack: false), cost: Self.cost)
    let accuracy = classifier.accuracy(on: examples(keptBack: true))

    let latents = try Latents(of: networks, label: label)
    let images = try latents.images(for: latents.noise(Array(0..<samples), seed: seed))
    let made = try training { () throws(TrainingProblem) in try maker.vectors(of: images) }
    let scores = classifier.scores(
      of: LinearClassifier.Examples(made, made.map { _ in 0 }, scale: scale), classes: classes)
    // A class that has not been met has no concept.
    let concepts = distinct.sorted().map { place in
      let best = scores.indices.sorted {
        (-scores[$0][place], $0) < (-scores[$1][place], $1)
      }.prefix(count)
      return Result.Concept(
        name: Self.name(of: place, in: dataset), numbers: Array(best),
        scores: best.map { scores[$0][place] })
    }
    let area = images.count / samples
    let picture = StudyPicture.stacked(
      concepts.map { concept in
        let shown = concept.numbers.flatMap { images[$0 * area..<($0 + 1) * area] }
        let sheet = StudyPicture(of: networks.spec.image).sheet(
          Array(shown), columns: count, captions: concept.numbers.map(String.init))
        return (concept.name, sheet)
      })
    return (
      picture,
      Result(
        checkpoint: networks.checkpoint, seed: seed, accuracy: accuracy, concepts: concepts)
    )
  }

  // MARK: Private

  /// One image of so many is kept back.
  private static let keptBack = 5
  private static let cost = 0.1

  /// A class's name in the form of an expression's names: `no_smile`, `class_3`.
  private static func name(of label: Int, in dataset: any Dataset) -> String {
    let given = dataset.labelNames.flatMap { $0.indices.contains(label) ? $0[label] : nil }
    let name = (given ?? "class \(label)").map {
      $0.isASCII && $0.isLetter || $0.isNumber ? $0 : "_"
    }
    return name.first?.isNumber == true ? "class_" + String(name) : String(name)
  }
}
