import Datasets
import Device
import Files
import Foundation
import Images
import LayerGraph
import Model
import Program
import Spec
import Training

/// How well the discriminator's features tell classes that it has never been told.
///
/// A linear support vector machine learns from the features of a few labelled images of each class, and
/// is tried on the images kept back. Beside it stand raw pixels, and the features of the same network
/// before any training. Source: Radford et al. 2015, section 5.
package struct FeatureClassification: Sendable {
  /// Labelled images of each class to learn from; nil for all but those that the regularisation is
  /// chosen on.
  package let perClass: Int?
  /// How often images are drawn and learned from.
  package let draws: Int
  /// Parts along each axis of a map, of which the largest number is taken.
  package let pool: Int
  package let seed: UInt64
  /// Images of the test set at most.
  package let tested: Int
  package let representations: [Representation]

  package init(
    perClass: Int?, draws: Int, pool: Int, seed: UInt64, tested: Int,
    representations: [Representation]
  ) {
    (self.perClass, self.pool) = (perClass, pool)
    // All images can be drawn once.
    self.draws = perClass == nil ? 1 : draws
    (self.seed, self.tested, self.representations) = (seed, tested, representations)
  }

  package enum Representation: String, CaseIterable, Sendable {
    case discriminator
    case untrained
    case generator
    case pixels

    /// As tables say it.
    package var words: String {
      switch self {
      case .discriminator: "the discriminator's features"
      case .untrained: "those of an untrained discriminator"
      case .generator: "the generator's features"
      case .pixels: "raw pixels"
      }
    }
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.features.rawValue
    package let checkpoint: String
    /// Nil for all.
    package let perClass: Int?
    package let draws: Int
    package let tested: Int
    package let seed: UInt64
    package let accuracies: [String: Accuracy]

    /// Shares of the test images, of all draws.
    package struct Accuracy: Encodable, Sendable {
      /// Numbers for each image.
      package let size: Int
      package let mean: Double
      package let deviation: Double
    }

    private enum CodingKeys: String, CodingKey {
      case study, checkpoint
      case perClass = "per_class"
      case draws, tested, seed, accuracies
    }
  }

  /// Regularisations to choose from, by accuracy on labelled images that were not learned from.
  private static let costs = [0.001, 0.01, 0.1, 1, 10]
  /// Images of each class that the regularisation is chosen on.
  private static let heldPerClass = 50

  package func run(
    on networks: TrainedNetworks, train: any Dataset, test: any Dataset,
    report: (String) -> Void = { _ in }
  ) throws(StudyProblem) -> Result {
    if networks.graph.discriminator.usesLabels { throw .discriminatorReadsLabels }
    let image = networks.spec.image
    let pixels = RealPixels(as: image)
    let groups = try groups(of: train)
    let testItems = test.places(tested, seed: seed)
    let testLabels = try test.labels(at: testItems)
    var accuracies: [String: Result.Accuracy] = [:]
    // What any draw may need is computed once.
    let wanted = perClass.map { draws * $0 + Self.heldPerClass }
    let needed = Array(Set(groups.flatMap { $0.prefix(wanted ?? $0.count) })).sorted()
    let place = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($1, $0) })
    let known = try train.labels(at: needed)
    for representation in representations {
      report(representation.words)
      let maker = try maker(of: representation, networks)
      let size = maker?.size ?? image.height * image.width * image.channels
      let learned =
        perClass.map { groups.count * ($0 + Self.heldPerClass) } ?? needed.count
      try check(
        size: size, computed: needed.count + testItems.count, learned: testItems.count + learned)
      let features = try vectors(of: train, needed, maker, pixels, size: size)
      let testFeatures = try vectors(of: test, testItems, maker, pixels, size: size)
      let scale = LinearClassifier.scale(of: features)
      let tests = LinearClassifier.Examples(testFeatures, testLabels, scale: scale)
      func examples(_ items: [Int]) -> LinearClassifier.Examples {
        let places = items.compactMap { place[$0] }
        return LinearClassifier.Examples(
          places.map { features[$0] }, places.map { known[$0] }, scale: scale)
      }
      let held = examples(groups.flatMap { $0.prefix(Self.heldPerClass) })
      func drawn(_ draw: Int) -> LinearClassifier.Examples {
        examples(
          groups.flatMap { group in
            let rest = group.dropFirst(Self.heldPerClass)
            return perClass.map { rest.dropFirst(draw * $0).prefix($0) } ?? rest
          })
      }
      let first = drawn(0)
      let scores = Self.costs.map { LinearClassifier(first, cost: $0).accuracy(on: held) }
      let best = Self.costs[scores.indices.max { (scores[$0], -$0) < (scores[$1], -$1) } ?? 0]
      let found = (0..<draws).map { LinearClassifier(drawn($0), cost: best).accuracy(on: tests) }
      let mean = found.reduce(0, +) / Double(draws)
      let variance =
        found.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(draws - 1, 1))
      accuracies[representation.rawValue] = Result.Accuracy(
        size: size, mean: mean, deviation: variance.squareRoot())
    }
    return Result(
      checkpoint: networks.checkpoint, perClass: perClass, draws: draws, tested: testItems.count,
      seed: seed, accuracies: accuracies)
  }

  // MARK: Private

  /// The images of each class in an order that the seed says: those to choose the regularisation on
  /// come first, those of the draws after them.
  private func groups(of dataset: any Dataset) throws(StudyProblem) -> [[Int]] {
    guard let classes = dataset.labelCount else { throw .noLabels(dataset: dataset.name) }
    let all = try dataset.labels(at: Array(0..<dataset.count))
    var groups = [[Int]](repeating: [], count: classes)
    for (index, label) in all.enumerated() { groups[label].append(index) }
    let wanted = Self.heldPerClass + (perClass.map { draws * $0 } ?? 1)
    let stream = RandomStream(key: RandomKey(seed: seed, step: 0), stream: 0)
    for label in groups.indices {
      guard groups[label].count >= wanted else {
        throw .fewLabelled(
          label: label, found: groups[label].count, wanted: wanted, held: Self.heldPerClass)
      }
      let keys = groups[label].map { stream.uniform(at: $0) }
      groups[label] = zip(keys, groups[label]).sorted { $0 < $1 }.map(\.1)
    }
    return groups
  }

  /// Features are computed of more images than are learned from at once, for which LIBLINEAR wants 16
  /// bytes a number.
  private func check(size: Int, computed: Int, learned: Int) throws(StudyProblem) {
    let bytes =
      computed * size * MemoryLayout<Float>.size
      + LinearClassifier.Examples.bytes(count: learned, size: size)
    guard bytes <= MachineMemory.limit / 2 else {
      throw .tooManyFeatures(rows: computed, size: size, bytes: bytes)
    }
  }

  /// What makes the features [N, F] of images [N, H, W, C].
  private struct Maker {
    let size: Int
    let vectors: ([Float]) throws(TrainingProblem) -> [[Float]]
  }

  /// What makes the features; nil for pixels, which are there already.
  private func maker(
    of representation: Representation, _ networks: TrainedNetworks
  ) throws(StudyProblem) -> Maker? {
    func discriminator(_ networks: TrainedNetworks) throws(TrainingProblem) -> Maker {
      let features = try DiscriminatorFeatures(
        of: networks, batch: RealPixels.batch, reading: .convolutions(edge: pool))
      return Maker(size: features.program.size) { images throws(TrainingProblem) in
        try features.vectors(of: images)
      }
    }
    switch representation {
    case .discriminator:
      return try training { () throws(TrainingProblem) in try discriminator(networks) }
    case .untrained:
      return try training { () throws(TrainingProblem) in
        try discriminator(networks.untrained(seed: seed))
      }
    case .generator:
      let features = try GeneratorFeatures(of: networks, edge: pool, seed: seed)
      return Maker(size: features.size) { images throws(TrainingProblem) in
        try features.vectors(of: images)
      }
    case .pixels: return nil
    }
  }

  /// The features [N, F] of images of a data set, by their places in it; without a maker their pixels.
  private func vectors(
    of dataset: any Dataset, _ items: [Int], _ maker: Maker?, _ pixels: RealPixels, size: Int
  ) throws(StudyProblem) -> [[Float]] {
    try pixels.vectors(of: dataset, items) { images throws(TrainingProblem) in
      try maker?.vectors(images)
        ?? stride(from: 0, to: images.count, by: size).map { Array(images[$0..<$0 + size]) }
    }
  }
}
