import Datasets
import Device
import Files
import Images
import Program
import Spec
import Training

/// How generated images compare with real ones, in numbers, each beside that of other real images.
///
/// Several times, samples and two halves of the real images are drawn: the samples and the second half
/// are compared with the first one. Both sets have as many images, on which the Fréchet distance
/// depends. Images are taken as bytes, as files have them. The sources of the measures are with them.
package struct SampleComparison: Sendable {
  /// Samples, and real images of a half; nil for 5,000 or as many as a half has.
  package let samples: Int?
  /// How often; one of `RepeatedMeasure.counts`.
  package let repeats: Int
  package let seed: UInt64

  package init(samples: Int?, repeats: Int, seed: UInt64) {
    (self.samples, self.repeats, self.seed) = (samples, repeats, seed)
  }

  /// What is measured: the one list of it.
  package enum Measure: String, CaseIterable, Sendable {
    case frechet
    case precision
    case recall
    case density
    case coverage
    case balance
    case agreement
    case slicedWasserstein = "sliced_wasserstein"
    case similarity
    case duplicates

    /// Whether a classifier must look at the images.
    package var needsClassifier: Bool {
      switch self {
      case .frechet, .precision, .recall, .density, .coverage, .balance, .agreement: true
      case .slicedWasserstein, .similarity, .duplicates: false
      }
    }

    /// As tables say it.
    package var words: String {
      switch self {
      case .frechet: "Fréchet distance"
      case .precision: "precision"
      case .recall: "recall"
      case .density: "density"
      case .coverage: "coverage"
      case .balance: "distance of the classes' shares"
      case .agreement: "class as wanted"
      case .slicedWasserstein: "sliced Wasserstein distance"
      case .similarity: "similarity of two images (MS-SSIM)"
      case .duplicates: "nearly the same as another"
      }
    }
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.evaluate.rawValue
    package let protocolName = EvaluationProtocol.comparison.rawValue
    package let checkpoint: String
    package let classifier: String?
    /// Images of a set.
    package let images: Int
    package let repeats: Int
    package let seed: UInt64
    package let measures: [String: Pair]

    package struct Pair: Encodable, Sendable {
      package let samples: RepeatedMeasure
      /// Of other real images; nil where these cannot have it.
      package let real: RepeatedMeasure?
    }

    private enum CodingKeys: String, CodingKey {
      case study
      case protocolName = "protocol"
      case checkpoint, classifier, images, repeats, seed, measures
    }
  }

  /// `report` is called with how many repeats are done.
  package func run(
    on networks: TrainedNetworks, real: any Dataset, classifier: TrainedNetworks?,
    report: (_ done: Int) -> Void = { _ in }
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let image = networks.spec.image
    let count = samples ?? min(Self.usualSamples, real.count / 2)
    let wanted = max(count, Self.leastImages)
    guard 2 * wanted <= real.count else {
      throw .fewImages(dataset: real.name, found: real.count, wanted: 2 * wanted)
    }
    try check(count: count, size: image.height * image.width * image.channels)
    let judge = try classifier.map { network throws(StudyProblem) in
      try ClassifierFeatures(network, of: image)
    }
    let sampler = try networks.calibratedSampler()
    var found: [Measure: (samples: [Double], real: [Double])] = [:]
    var picture: ImageBuffer?
    for number in 0..<repeats {
      let (made, wanted) = try generated(count, number, sampler)
      let halves = try halves(of: real, count, number)
      let reference = try ImageSet(halves.0, image, judge, networks.device)
      for (bytes, isGenerated) in [(made, true), (halves.1, false)] {
        let set = try ImageSet(bytes, image, judge, networks.device)
        let (numbers, manifold) = try compare(
          set, with: reference, wanted: isGenerated ? wanted : nil)
        for (measure, value) in numbers {
          var values = found[measure] ?? ([], [])
          if isGenerated { values.samples.append(value) } else { values.real.append(value) }
          found[measure] = values
        }
        if isGenerated, number == 0 {
          picture = self.picture(of: set, beside: reference, manifold, networks.spec)
        }
      }
      report(number + 1)
    }
    let measures = found.map { measure, values in
      (
        measure.rawValue,
        Result.Pair(
          samples: RepeatedMeasure(values.samples),
          real: values.real.isEmpty ? nil : RepeatedMeasure(values.real))
      )
    }
    guard let picture else { preconditionFailure("\(repeats) repeats") }
    return (
      picture,
      Result(
        checkpoint: networks.checkpoint, classifier: classifier?.checkpoint, images: count,
        repeats: repeats, seed: seed, measures: Dictionary(uniqueKeysWithValues: measures))
    )
  }

  // MARK: Private

  private static let usualSamples = 5000
  /// Images that the neighbours of an image and two halves need.
  private static let leastImages = 10
  /// Pairs whose similarity is taken.
  private static let pairs = 500
  /// One real image of so many is nearer to another one than what counts as nearly the same.
  private static let rareness = 1000
  /// Images of each row of the picture.
  private static let shown = 10

  /// All images of a repeat as bytes and numbers, the latter also on the device.
  private func check(count: Int, size: Int) throws(StudyProblem) {
    let bytes = count * size * (3 + 6 * MemoryLayout<Float>.size)
    guard bytes <= MachineMemory.limit / 2 else { throw .tooManyImages(count: count, bytes: bytes) }
  }

  /// Samples as bytes [N, H, W, C], and of a conditional network the classes they were made for.
  private func generated(
    _ count: Int, _ number: Int, _ sampler: Sampler
  ) throws(StudyProblem) -> (bytes: [UInt8], classes: [Int]?) {
    let spec = sampler.spec
    let samples = try training { () throws(TrainingProblem) in
      try sampler.samples(
        number * count..<(number + 1) * count, seed: seed,
        classes: Array(0..<(spec.condition?.classes ?? 1)))
    }
    return (spec.image.bytes(of: samples.images), samples.labels)
  }

  /// Two sets of real images as bytes, none in both.
  private func halves(
    of dataset: any Dataset, _ count: Int, _ number: Int
  ) throws(StudyProblem) -> ([UInt8], [UInt8]) {
    let order = EpochOrder(count: dataset.count, seed: seed, epoch: number)
    func images(_ places: Range<Int>) throws(StudyProblem) -> [UInt8] {
      var bytes: [UInt8] = []
      do throws(DatasetProblem) {
        for place in places { bytes += try dataset.image(at: order[place]) }
      } catch { throw .training(.data(error)) }
      return bytes
    }
    return (try images(0..<count), try images(count..<2 * count))
  }

  private func compare(
    _ set: ImageSet, with reference: ImageSet, wanted: [Int]?
  ) throws(StudyProblem) -> (numbers: [Measure: Double], manifold: Manifold.Comparison?) {
    var numbers: [Measure: Double] = [:]
    let wasserstein = SlicedWasserstein(seed: seed).distances(
      between: set.images, and: reference.images)
    numbers[.slicedWasserstein] = wasserstein.reduce(0, +) / Double(wasserstein.count)
    numbers[.similarity] = set.similarity(pairs: Self.pairs, seed: seed)
    // Where the nearest image of real ones is only that near for one in a thousand.
    let rare = reference.nearest.sorted()[reference.nearest.count / Self.rareness]
    numbers[.duplicates] = set.nearest.map { $0 < rare }.share
    guard let judged = set.judged, let judgedReal = reference.judged else { return (numbers, nil) }
    let manifold = try judgedReal.manifold.comparison(with: judged.manifold)
    numbers[.frechet] = judged.distribution.frechetDistance(to: judgedReal.distribution)
    numbers[.precision] = manifold.isReal.share
    numbers[.recall] = manifold.isReached.share
    numbers[.density] = manifold.density
    numbers[.coverage] = manifold.coverage
    numbers[.balance] = zip(judged.shares, judgedReal.shares).reduce(0) {
      $0 + abs($1.0 - $1.1) / 2
    }
    if let wanted { numbers[.agreement] = zip(wanted, judged.classes).map { $0 == $1 }.share }
    return (numbers, manifold)
  }

  private func picture(
    of set: ImageSet, beside reference: ImageSet, _ manifold: Manifold.Comparison?, _ spec: Spec
  ) -> ImageBuffer {
    let values = Batches.values(in: spec.image.pixelRange)
    func row(_ title: String, _ images: ImageSet, _ places: [Int]) -> (String, ImageBuffer)? {
      let chosen = places.prefix(Self.shown)
      if chosen.isEmpty { return nil }
      let pixels = chosen.flatMap { images.bytes(at: $0).map { values[Int($0)] } }
      return (title, StudyPicture(of: spec.image).sheet(pixels, columns: Self.shown))
    }
    func places(_ flags: [Bool]?, _ wanted: Bool) -> [Int] {
      flags.map { flags in flags.indices.filter { flags[$0] == wanted } } ?? []
    }
    let rows = [
      row("samples", set, Array(0..<set.count)),
      row("real images", reference, Array(0..<set.count)),
      row("samples unlike any real image", set, places(manifold?.isReal, false)),
      row("real images that no sample is like", reference, places(manifold?.isReached, false)),
    ]
    return StudyPicture.stacked(rows.compactMap(\.self))
  }
}

/// A set of images, and what is measured of it alone.
private struct ImageSet {
  private let all: [UInt8]
  private let size: Int
  let images: [FloatImage]
  /// The squared distance of each image's pixels to the nearest other one.
  let nearest: [Float]
  let judged: Judged?
  var count: Int { images.count }

  /// What a classifier makes of it.
  struct Judged {
    let classes: [Int]
    /// Of each class, as a share of all images.
    let shares: [Double]
    let distribution: FeatureDistribution
    let manifold: Manifold
  }

  init(
    _ bytes: [UInt8], _ image: ImageSpec, _ judge: ClassifierFeatures?, _ device: any Device
  ) throws(StudyProblem) {
    all = bytes
    let size = image.height * image.width * image.channels
    self.size = size
    images = stride(from: 0, to: bytes.count, by: size).map { first in
      FloatImage(
        height: image.height, width: image.width, channels: image.channels,
        pixels: bytes[first..<first + size].map { Float($0) / 255 })
    }
    nearest = try SquaredDistances(to: images.map(\.pixels), on: device).nearestOthers([1])[0]
    judged = try judge.map { judge throws(StudyProblem) in
      let (features, classes) = try judge.look(at: bytes)
      var shares = [Double](repeating: 0, count: judge.classes)
      for label in classes { shares[label] += 1 / Double(classes.count) }
      return Judged(
        classes: classes, shares: shares, distribution: FeatureDistribution(of: features),
        manifold: try Manifold(of: features, on: device))
    }
  }

  func bytes(at place: Int) -> ArraySlice<UInt8> { all[place * size..<(place + 1) * size] }

  /// The mean over pairs drawn by chance; no image is in two of them.
  func similarity(pairs: Int, seed: UInt64) -> Double {
    let order = EpochOrder(count: images.count, seed: seed, epoch: 0)
    let count = min(pairs, images.count / 2)
    return (0..<count).reduce(0) {
      $0 + StructuralSimilarity.between(images[order[2 * $1]], images[order[2 * $1 + 1]])
    } / Double(count)
  }
}
