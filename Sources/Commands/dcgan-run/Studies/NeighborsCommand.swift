import ArgumentParser
import Images
import Studies
import Terminal
import Training

/// `dcgan-run SPEC neighbors`.
struct NeighborsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.neighbors.rawValue,
    abstract: Study.neighbors.summary,
    discussion: """
      Each sample is compared with every training image: by the sums of absolute (L1) and of squared \
      (L2) differences of pixels, and by the discriminator's features. The same is done with real \
      images, each against all others. A generator that repeats what it has seen comes nearer to \
      training images than they come to each other.

      The data must be those that the run has learned from. Writes neighbors.png and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var made: LabelOptions

  @OptionGroup var source: DataOptions

  @Option(help: "Samples in the picture.")
  var count = 8

  @Option(help: "Samples, and real images, whose distances are compared.")
  var compared = 100

  @OptionGroup var limit: LimitOptions

  @Option(help: "Seed of the noise.")
  var seed: UInt64 = 0

  func validate() throws {
    if !(1...100).contains(count) {
      throw ValidationError("--count \(count): expected a number from 1 to 100")
    }
    if !(1...10_000).contains(compared) {
      throw ValidationError("--compared \(compared): expected a number from 1 to 10000")
    }
    try limit.expect(atLeast: 2)
  }

  func run() throws {
    let networks = try options.networks()
    let dataset = try options.dataset(of: networks, in: source.data)
    let images = limit.count(of: dataset)
    var done = 0
    let (picture, result) = try studying {
      try Neighbors(shown: count, compared: compared, seed: seed, label: made.label).run(
        on: networks, dataset: dataset, images: images, device: try options.compute.chosenDevice
      ) { compared in
        done += compared
        showProgress("compared", done, of: images, "image")
      }
    }
    let sentences = Neighbors.Metric.allCases.compactMap { metric -> String? in
      guard let found = result.distances[metric.rawValue] else { return nil }
      let share = Int((100 * found.nearerThanReal).rounded())
      return "\(metric.words): the nearest training image is \(found.samples.short) from a sample, "
        + "\(found.real.short) from another real image (medians); "
        + "\(share) % of the samples are nearer than any real image is"
    }
    try options.finish(
      .neighbors, of: networks, [("neighbors.png", try PNG.encode(picture))], result,
      sentences: sentences)
  }
}
