import ArgumentParser
import Foundation
import Images
import Studies
import Terminal
import Training

extension EvaluationProtocol: ExpressibleByArgument {}

/// `dcgan-run SPEC evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.evaluate.rawValue,
    abstract: Study.evaluate.summary,
    discussion: """
      comparison: samples are compared with real images, and beside it other real images with the \
      same ones. Without a classifier: the sliced Wasserstein distance of details, how alike two \
      images are, and how many are nearly the same as another. With a classifier of the data that \
      you have trained, by what it sees in the images: the Fréchet distance, precision and recall, \
      density and coverage, and the shares of the classes.

      nearest-neighbor: each image of the test set gets the class of the nearest of the samples, which \
      a conditional generator makes of every class. The share of errors says how well the samples \
      stand for the real images, with which the same is done beside (Radford et al. 2015, \
      table 3). Samples are not kept: millions need time, but no memory. A test that was interrupted \
      is resumed, and one with more samples goes on from those before.

      accuracy: how often a classifier is right on images of the test set.

      Examples:
        dcgan-run mnist evaluate --classifier mnist-classifier
        dcgan-run mnist-conditional evaluate --protocol nearest-neighbor --per-class 5000

      Writes evaluate.png, with samples, and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @Option(
    name: .customLong("protocol"),
    help: "What is measured. (default: comparison; of a classifier: accuracy)")
  var measure: EvaluationProtocol?

  @OptionGroup var source: DataOptions

  @Option(
    help: "comparison: the classifier whose features are compared: a spec, run or checkpoint.",
    completion: .file())
  var classifier: String?

  @Option(
    help: """
      comparison: samples, and as many real images, of which there must be twice as many. (default: 5000, or \
      half of the real ones)
      """)
  var samples: Int?

  @Option(help: "comparison: how often it is measured, for the intervals. (default: 3)")
  var repeats: Int?

  @Option(help: "nearest-neighbor: samples of each class. (default: 5000)")
  var perClass: Int?

  @Option(help: "nearest-neighbor, accuracy: images of the test set at most. (default: 10000)")
  var tested: Int?

  @Option(help: "Seed of all that is drawn by chance.")
  var seed: UInt64 = 0

  func validate() throws {
    try expect([
      ("samples", samples ?? 1000, 10...100_000),
      ("repeats", repeats ?? 2, RepeatedMeasure.counts),
      ("per-class", perClass ?? 1, 1...10_000_000), ("tested", tested ?? 1, 1...10_000),
    ])
  }

  func run() throws {
    let networks = try options.networks()
    let isClassifier = networks.spec.objective.loss == .classification
    let measure = measure ?? (isClassifier ? .accuracy : .comparison)
    try refuseOptions(otherThan: measure)
    if isClassifier, measure != .accuracy {
      throw TrainingProblem.noGenerator(spec: networks.spec.name)
    }
    switch measure {
    case .comparison: try compare(networks)
    case .nearestNeighbor: try testNearestNeighbor(networks)
    case .accuracy: try testAccuracy(networks)
    }
  }

  // MARK: Private

  /// An option that has no effect is refused.
  private func refuseOptions(otherThan measure: EvaluationProtocol) throws {
    let given: [(name: String, isGiven: Bool, of: [EvaluationProtocol])] = [
      ("classifier", classifier != nil, [.comparison]), ("samples", samples != nil, [.comparison]),
      ("repeats", repeats != nil, [.comparison]),
      ("per-class", perClass != nil, [.nearestNeighbor]),
      ("tested", tested != nil, [.nearestNeighbor, .accuracy]),
    ]
    for option in given where option.isGiven && !option.of.contains(measure) {
      let names = option.of.map { "`--protocol \($0.rawValue)`" }.joined(separator: " and ")
      throw ValidationError(
        "--\(option.name) belongs to \(names), and this is \(measure.rawValue)")
    }
  }

  private func compare(_ networks: TrainedNetworks) throws {
    let real = try options.realImages(of: networks, in: source.data)
    let judge = try classifier.map { try options.networks(at: $0) }
    let repeats = repeats ?? 3
    let (picture, result) = try studying {
      try SampleComparison(samples: samples, repeats: repeats, seed: seed).run(
        on: networks, real: real, classifier: judge
      ) { done in
        showProgress("measured", done, of: repeats, "time")
      }
    }
    var lines = [
      "\(result.images.counted("sample")) beside as many images of \(real.name.visible), "
        + "\(repeats) times; intervals of 95 %"
    ]
    var table: [[String]] = [["", "samples", "other real images"]]
    for measure in SampleComparison.Measure.allCases {
      guard let pair = result.measures[measure.rawValue] else { continue }
      table.append([measure.words, pair.samples.text, pair.real?.text ?? ""])
    }
    let widths = (0..<3).map { column in table.map { $0[column].count }.max() ?? 0 }
    lines += table.map { row in
      zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ").trimmedAtEnd
    }
    try options.finish(
      .evaluate, of: networks, [("evaluate.png", try PNG.encode(picture))], result,
      sentences: lines)
  }

  private func testNearestNeighbor(_ networks: TrainedNetworks) throws {
    let train = try options.labelled(of: networks, in: source.data, .train)
    let test = try options.labelled(of: networks, in: source.data, .test)
    let folder = options.folder(of: .evaluate, networks)
    try RunFolder.create(folder)
    let (picture, result) = try studying {
      try NearestNeighborTest(
        perClass: perClass ?? 5000, tested: tested ?? 10_000, seed: seed
      ).run(
        on: networks, train: train, test: test, progress: "\(folder)/nearest-neighbor.json"
      ) { done, all in
        showProgress("compared", done, of: all, "sample")
      }
    }
    let sentences = result.generated.map {
      "\($0.images.counted("sample")): \(String(format: "%.2f", 100 * $0.error)) % errors"
    }
    let real =
      "\(result.real.images.counted("training image")): "
      + "\(String(format: "%.2f", 100 * result.real.error)) % errors"
    try options.finish(
      .evaluate, of: networks, [("evaluate.png", try PNG.encode(picture))], result,
      sentences: sentences + [real])
  }

  private func testAccuracy(_ networks: TrainedNetworks) throws {
    let test = try options.labelled(of: networks, in: source.data, .test)
    let (picture, result) = try studying {
      try ClassifierTest(tested: tested ?? 10_000, seed: seed).run(on: networks, test: test)
    }
    let share = String(format: "%.2f", 100 * result.accuracy)
    try options.finish(
      .evaluate, of: networks, [("evaluate.png", try PNG.encode(picture))], result,
      sentences: ["\(share) % of \(result.tested.counted("image")) of the test set are right"])
  }
}

extension RepeatedMeasure {
  /// As in `0.71 ± 0.02`.
  fileprivate var text: String {
    // As many places as the margin's two first digits have.
    let places = margin > 0 ? min(6, max(0, 2 - Int(log10(margin).rounded(.up)))) : 4
    return String(format: "%.\(places)f ± %.\(places)f", mean, margin)
  }
}

extension String {
  fileprivate var trimmedAtEnd: String {
    String(reversed().drop { $0 == " " }.reversed())
  }
}
