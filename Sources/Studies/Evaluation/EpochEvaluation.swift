import Datasets
import Device
import Images
import Spec
import Training

/// Compares the samples of a generator with the same real images again and again, while it trains.
///
/// A class because it owns loaded programs; used from one thread at a time.
package final class EpochEvaluation {
  private let judge: ClassifierFeatures
  private let reference: FeatureDistribution
  private let manifold: Manifold
  private let device: any Device
  private let count: Int

  /// Samples and real images, at most.
  private static let most = 2000
  /// Of the samples' noise: the same for each epoch.
  private static let seed: UInt64 = 0

  /// By a classifier's features, beside some of the real images.
  package init(
    by classifier: TrainedNetworks, real: any Dataset, of image: ImageSpec
  ) throws(StudyProblem) {
    let judge = try ClassifierFeatures(classifier, of: image)
    let count = min(Self.most, real.count)
    guard count > Manifold.denseNeighbors else {
      throw .fewImages(
        dataset: real.name, found: real.count, wanted: Manifold.denseNeighbors + 1)
    }
    let order = EpochOrder(count: real.count, seed: Self.seed, epoch: 0)
    var bytes: [UInt8] = []
    do throws(DatasetProblem) {
      for place in 0..<count { bytes += try real.image(at: order[place]) }
    } catch { throw .training(.data(error)) }
    let features = try judge.look(at: bytes).features
    reference = FeatureDistribution(of: features)
    manifold = try Manifold(of: features, on: classifier.device)
    (self.judge, self.count, device) = (judge, count, classifier.device)
  }

  /// The numbers of the samples that a generator makes now.
  package func numbers(of sampler: Sampler) throws(StudyProblem) -> [String: Double] {
    let spec = sampler.spec
    let samples = try training { () throws(TrainingProblem) in
      try sampler.calibrate()
      return try sampler.samples(
        0..<count, seed: Self.seed, classes: Array(0..<(spec.condition?.classes ?? 1)))
    }
    let features = try judge.look(at: spec.image.bytes(of: samples.images)).features
    let found = try manifold.comparison(with: Manifold(of: features, on: device))
    let distance = FeatureDistribution(of: features).frechetDistance(to: reference)
    let numbers: [(SampleComparison.Measure, Double)] = [
      (.frechet, distance), (.precision, found.isReal.share), (.recall, found.isReached.share),
      (.density, found.density), (.coverage, found.coverage),
    ]
    return Dictionary(uniqueKeysWithValues: numbers.map { ($0.rawValue, $1) })
  }
}
