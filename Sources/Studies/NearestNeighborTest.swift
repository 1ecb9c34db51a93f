import Datasets
import Device
import Files
import Images
import Model
import Program
import Spec
import Training

/// A 1-nearest-neighbour classifier that knows only generated images, tried on real ones.
///
/// Each test image gets the class of the nearest sample by the L2 distance of pixels, exactly. Samples
/// are made block by block and not kept, so that their number is limited by time alone. The same is
/// done with training images in the samples' place. Source: Radford et al. 2015, section 8.1 and table 3:
/// 2.98 % of errors with 50 thousand samples, 1.48 % with 10 million.
package struct NearestNeighborTest: Sendable {
  /// Samples of each class.
  package let perClass: Int
  /// Images of the test set at most.
  package let tested: Int
  package let seed: UInt64

  package init(perClass: Int, tested: Int, seed: UInt64) {
    (self.perClass, self.tested, self.seed) = (perClass, tested, seed)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.evaluate.rawValue
    package let protocolName = EvaluationProtocol.nearestNeighbor.rawValue
    package let checkpoint: String
    package let tested: Int
    package let seed: UInt64
    /// With more and more samples.
    package let generated: [Point]
    /// With training images, up to as many of each class.
    package let real: Point

    package struct Point: Codable, Sendable {
      /// Images of all classes together.
      package let images: Int
      /// The share of test images that are taken for another class.
      package let error: Double
    }

    private enum CodingKeys: String, CodingKey {
      case study
      case protocolName = "protocol"
      case checkpoint, tested, seed, generated, real
    }
  }

  /// Samples of a class that are made and compared at a time; the noise of a sample follows from it.
  private static let block = 1000

  /// `report` is called with how many samples have been compared; the file at `path` keeps how far the
  /// test has come.
  package func run(
    on networks: TrainedNetworks, train: any Dataset, test: any Dataset, progress path: String,
    report: (_ done: Int, _ all: Int) -> Void = { _, _ in }
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let spec = networks.spec
    guard let classes = spec.condition?.classes else { throw .noClasses(spec: spec.name) }
    for dataset in [train, test] {
      guard let found = dataset.labelCount else { throw .noLabels(dataset: dataset.name) }
      guard found == classes else { throw .otherClasses(found: found, wanted: classes) }
    }
    let pixels = RealPixels(as: spec.image)
    let items = test.places(tested, seed: seed)
    let block = min(Self.block, perClass)
    try check(
      tests: items.count, block: block,
      size: spec.image.height * spec.image.width * spec.image.channels)
    let targets = try pixels.images(of: test, items)
    let labels = try test.labels(at: items)
    let search = try NearestSearch(
      of: networks, targets: targets, count: items.count, block: block)

    let sampler = try networks.calibratedSampler()
    var nearest = NearestClasses(labels)
    var (points, shown): ([Result.Point], [Float]) = ([], [])
    let subject = try NearestProgress.Subject(networks, test, tested: items.count, seed: seed)
    var first = 0
    if let before = try NearestProgress.read(path, of: subject), before.perClass <= perClass {
      nearest = NearestClasses(labels, scores: before.scores, found: before.labels)
      (points, first) = (before.points, before.perClass)
    }
    for label in 0..<classes {
      let noise = spec.latent.noise(
        first: label * Self.block, count: min(Self.shown, perClass), seed: seed)
      shown += try training { () throws(TrainingProblem) in
        try sampler.images(
          for: noise, labels: [Int](repeating: label, count: min(Self.shown, perClass)))
      }
    }
    var made = first * classes
    for start in stride(from: first, to: perClass, by: Self.block) {
      let count = min(Self.block, perClass - start)
      for label in 0..<classes {
        let first = start * classes + label * Self.block
        let noise = spec.latent.noise(first: first, count: count, seed: seed)
        let images = try training { () throws(TrainingProblem) in
          try sampler.images(for: noise, labels: [Int](repeating: label, count: count))
        }
        nearest.offer(try search.scores(of: images), label: label)
        made += count
        report(made, perClass * classes)
      }
      let done = start + count
      if Self.isShown(done) || done == perClass {
        points.append(Result.Point(images: done * classes, error: nearest.error))
      }
      // A last block that is not whole is not one that more samples can follow.
      if count == Self.block,
        (done / Self.block).isMultiple(of: Self.blocksKept) || done == perClass
      {
        try NearestProgress(
          subject: subject, perClass: done, scores: nearest.scores, labels: nearest.found,
          points: points
        ).write(to: path)
      }
    }
    return (
      StudyPicture(of: spec.image).sheet(
        shown, columns: min(Self.shown, perClass), rowTitles: (0..<classes).map { "\($0)" }),
      Result(
        checkpoint: networks.checkpoint, tested: items.count, seed: seed, generated: points,
        real: try realPoint(train, pixels, search, labels, classes: classes))
    )
  }

  // MARK: Private

  /// So many blocks of each class are compared between two times that the progress is kept.
  private static let blocksKept = 20
  /// Samples of each class in the picture.
  private static let shown = 10

  /// Test images are there three times: here, on the device, and in the order of its kernels.
  private func check(tests: Int, block: Int, size: Int) throws(StudyProblem) {
    let numbers = 3 * tests * size + block * (2 * size + tests)
    let bytes = numbers * MemoryLayout<Float>.size
    guard bytes <= MachineMemory.limit / 2 else {
      throw .tooManyTests(count: tests, bytes: bytes)
    }
  }

  /// 1, 2 and 5 times the powers of ten.
  private static func isShown(_ count: Int) -> Bool {
    var rest = count
    while rest.isMultiple(of: 10), rest > 0 { rest /= 10 }
    return [1, 2, 5].contains(rest)
  }

  /// The error with training images as what is known.
  private func realPoint(
    _ train: any Dataset, _ pixels: RealPixels, _ search: NearestSearch, _ labels: [Int],
    classes: Int
  ) throws(StudyProblem) -> Result.Point {
    var groups = [[Int]](repeating: [], count: classes)
    for (item, label) in try train.labels(at: Array(0..<train.count)).enumerated()
    where groups[label].count < perClass {
      groups[label].append(item)
    }
    var nearest = NearestClasses(labels)
    for (label, group) in groups.enumerated() {
      for start in stride(from: 0, to: group.count, by: search.block) {
        let part = group[start..<min(start + search.block, group.count)]
        nearest.offer(try search.scores(of: pixels.images(of: train, part)), label: label)
      }
    }
    return Result.Point(images: groups.reduce(0) { $0 + $1.count }, error: nearest.error)
  }
}

/// The class of the nearest image to each target, so far.
struct NearestClasses {
  private let labels: [Int]
  private var best: [(score: Float, label: Int)]

  /// `labels` are the targets' own.
  init(_ labels: [Int]) {
    self.labels = labels
    // Finite, so that files can hold it.
    best = labels.map { _ in (-.greatestFiniteMagnitude, -1) }
  }

  /// With what has been found before.
  init(_ labels: [Int], scores: [Float], found: [Int]) {
    self.labels = labels
    best = zip(scores, found).map { ($0, $1) }
  }

  var scores: [Float] { best.map(\.score) }
  var found: [Int] { best.map(\.label) }

  /// Scores [T] of the nearest of some images of one class; what is as near as another comes second.
  mutating func offer(_ scores: [Float], label: Int) {
    for target in best.indices where scores[target] > best[target].score {
      best[target] = (scores[target], label)
    }
  }

  /// The share of targets that get another class than their own.
  var error: Double {
    let wrong = zip(labels, best).filter { $0 != $1.label }
    return Double(wrong.count) / Double(max(labels.count, 1))
  }
}

/// Compares blocks of images with targets that stay on the device.
///
/// A class because it owns a loaded program; used from one thread at a time.
final class NearestSearch {
  /// Images at a time.
  let block: Int
  private let size: Int
  private let state: any DeviceState
  private let loaded: any LoadedProgram

  /// `targets` are `count` images [count, P].
  init(
    of networks: TrainedNetworks, targets: [Float], count: Int, block: Int
  ) throws(StudyProblem) {
    let size = targets.count / count
    (self.block, self.size) = (block, size)
    (state, loaded) = try training { () throws(TrainingProblem) in
      try onDevice { () throws(DeviceProblem) in
        let state = try networks.device.makeState()
        let loaded = try state.load(
          NearestProgram(samples: block, targets: count, size: size).program)
        try state.write(targets, to: TensorName.nearestTargets)
        return (state, loaded)
      }
    }
  }

  /// The scores [T] of the nearest of up to `block` images [N, P].
  func scores(of images: [Float]) throws(StudyProblem) -> [Float] {
    // The last image fills up: what is there twice is no nearer.
    var rows = images
    while rows.count < block * size { rows += images.suffix(size) }
    return try training { () throws(TrainingProblem) in
      try onDevice { () throws(DeviceProblem) in
        try state.write(rows, to: TensorName.nearestSamples)
        try loaded.run(key: RandomKey(seed: 0, step: 0))
        return try loaded.output(TensorName.nearestScores)
      }
    }
  }
}
