import Datasets
import Device
import Foundation
import Images
import Model
import Spec
import Training

/// The training images that are nearest to samples.
///
/// Does the generator invent, or repeat?
///
/// The search is exact, over the whole training set, by three distances. Beside the samples' distances
/// stand those of real images to all others: a generator that repeats comes nearer than they do.
/// Source: Radford et al. 2015, section 4; the comparison as in Gulrajani et al. 2020.
package struct Neighbors: Sendable {
  /// Samples in the picture.
  package let shown: Int
  /// Samples, and as many real images, whose distances are compared; at least `shown`.
  package let compared: Int
  package let seed: UInt64
  /// The class that a conditional generator makes.
  package let label: Int

  package init(shown: Int, compared: Int, seed: UInt64, label: Int) {
    (self.shown, self.compared) = (shown, max(shown, compared))
    (self.seed, self.label) = (seed, label)
  }

  /// Nearest images in the picture.
  package static let nearest = 5

  package enum Metric: String, CaseIterable, Sendable {
    case l1
    case l2
    case features

    /// As pictures and sentences say it.
    package var words: String {
      switch self {
      case .l1: "by L1"
      case .l2: "by L2"
      case .features: "by features"
      }
    }
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.neighbors.rawValue
    package let checkpoint: String
    package let images: Int
    package let seed: UInt64
    package let distances: [String: Comparison]

    /// Medians of the distance to the nearest training image.
    package struct Comparison: Encodable, Sendable {
      package let samples: Double
      /// Of real images, to the nearest other one.
      package let real: Double
      /// The share of samples that are nearer to a training image than every real image is to
      /// another.
      package let nearerThanReal: Double

      private enum CodingKeys: String, CodingKey {
        case samples, real
        case nearerThanReal = "nearer_than_real"
      }
    }

    private enum CodingKeys: String, CodingKey { case study, checkpoint, images, seed, distances }
  }

  /// The picture and the numbers, over the first `count` images.
  ///
  /// - Parameter report: is called with how many more have been compared.
  package func run(
    on networks: TrainedNetworks, dataset: any Dataset, images count: Int, device: any Device,
    report: (Int) -> Void = { _ in }
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let latents = try Latents(of: networks, label: label)
    let samples = try latents.images(for: latents.noise(Array(0..<compared), seed: seed))
    let pixels = RealPixels(as: networks.spec.image)
    // Evenly spread, whatever order the images are in.
    let held = min(compared, count)
    let places = (0..<held).map { $0 * count / held }
    let real = try pixels.images(of: dataset, places)
    let all = samples + real

    let batch = min(64, count)
    let queries = compared + held
    let (features, inPixels, inFeatures) = try training { () throws(TrainingProblem) in
      let features = try DiscriminatorFeatures(of: networks, batch: batch)
      let vectors = try features.vectors(of: all, labels: latents.labels(queries))
      return (
        features,
        try Distances(from: all, queries: queries, batch: batch, on: device),
        try Distances(
          from: vectors.flatMap(\.self), queries: queries, batch: batch, on: device)
      )
    }
    var found = Metric.allCases.map { _ in [Ranking](repeating: Ranking(), count: queries) }
    for start in stride(from: 0, to: count, by: batch) {
      let items = start..<min(start + batch, count)
      // The first one fills up.
      let images = try pixels.images(
        of: dataset, Array(items) + [Int](repeating: start, count: batch - items.count))
      let (a, b) = try training { () throws(TrainingProblem) in
        let vectors = try features.vectors(of: images, labels: latents.labels(batch))
        return (try inPixels.measure(images), try inFeatures.measure(vectors.flatMap(\.self)))
      }
      for (metric, numbers) in [a[.l1], a[.l2], b[.l2]].map({ $0 ?? [] }).enumerated() {
        for query in 0..<queries {
          // A real image is no neighbour of its own.
          let own = query >= compared ? places[query - compared] : nil
          for (place, item) in items.enumerated() where item != own {
            found[metric][query].add(item, at: numbers[query * batch + place])
          }
        }
      }
      report(items.count)
    }
    return try self.report(found, samples: samples, networks, dataset, count, pixels)
  }

  // MARK: Private

  /// The nearest few, nearest first; of equal distances the earlier image.
  private struct Ranking {
    var items: [(index: Int, distance: Float)] = []

    mutating func add(_ index: Int, at distance: Float) {
      if items.count == Neighbors.nearest, let last = items.last, distance >= last.distance {
        return
      }
      let place = items.firstIndex { $0.distance > distance } ?? items.count
      items.insert((index, distance), at: place)
      if items.count > Neighbors.nearest { items.removeLast() }
    }
  }

  private func report(
    _ found: [[Ranking]], samples: [Float], _ networks: TrainedNetworks, _ dataset: any Dataset,
    _ count: Int, _ pixels: RealPixels
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let size = samples.count / compared
    let picture = StudyPicture(of: networks.spec.image)
    var parts: [(title: String, picture: ImageBuffer)] = []
    var distances: [String: Result.Comparison] = [:]
    for (metric, rankings) in zip(Metric.allCases, found) {
      func nearest(_ queries: Range<Int>) -> [Double] {
        queries.compactMap { rankings[$0].items.first.map { Double($0.distance) } }.sorted()
      }
      let own = nearest(0..<compared)
      let real = nearest(compared..<rankings.count)
      let least = real.first ?? 0
      distances[metric.rawValue] = Result.Comparison(
        samples: own.isEmpty ? 0 : own[own.count / 2],
        real: real.isEmpty ? 0 : real[real.count / 2],
        nearerThanReal: Double(own.filter { $0 < least }.count) / Double(max(own.count, 1)))
      var images: [Float] = []
      for sample in 0..<shown {
        let items = rankings[sample].items.map(\.index)
        images += samples[sample * size..<(sample + 1) * size]
        images += try pixels.images(of: dataset, items)
      }
      let columns = 1 + (rankings.first?.items.count ?? 0)
      parts.append(
        (
          metric.words,
          picture.sheet(
            images, columns: columns,
            captions: (0..<shown).flatMap { _ in
              ["sample"] + (1..<max(columns, 1)).map { "\($0)" }
            })
        ))
    }
    let result = Result(
      checkpoint: networks.checkpoint, images: count, seed: seed, distances: distances)
    return (StudyPicture.stacked(parts), result)
  }
}
