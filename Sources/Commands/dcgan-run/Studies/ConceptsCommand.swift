import ArgumentParser
import Datasets
import Images
import Studies
import Terminal

/// `dcgan-run SPEC concepts`.
struct ConceptsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.concepts.rawValue,
    abstract: Study.concepts.summary,
    discussion: """
      A linear classifier learns the classes of labelled images from the discriminator's features, \
      and scores samples; the best of each class become a concept. `arithmetic` and `turn` read the \
      file; `sheet` numbers samples for people to choose by eye.

      Examples:
        dcgan-run faces64 concepts --attribute Smiling
        dcgan-run mnist concepts --data data

      Writes concepts.yaml, concepts.png and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var made: LabelOptions

  @Option(
    help: "The attributes whose no and yes are the classes, up to three. (default: as in the spec)")
  var attribute: String?

  @OptionGroup var source: DataOptions

  @Option(help: "Samples to choose from.")
  var samples = 1000

  @Option(help: "Samples of each concept.")
  var count = 8

  @Option(help: "Labelled images to learn from, at most.")
  var learned = 2000

  @Option(help: "Seed of the noise.")
  var seed: UInt64 = 0

  func validate() throws {
    try expect([
      ("samples", samples, 1...100_000), ("count", count, 1...100),
      ("learned", learned, 10...1_000_000),
    ])
    if count > samples {
      throw ValidationError("--count \(count): there are only \(samples) samples to choose from")
    }
    if let attribute, !CombinedAttributes.counts.contains(names(of: attribute).count) {
      throw ValidationError(
        "--attribute \(attribute.visible): expected one to \(CombinedAttributes.counts.upperBound) "
          + "names, such as Smiling,Long_Hair")
    }
    if seed > UInt64(Int.max) {
      throw ValidationError("--seed \(seed): a file of concepts holds seeds up to \(Int.max)")
    }
  }

  private func names(of attribute: String) -> [String] {
    attribute.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  func run() throws {
    let networks = try options.networks()
    let dataset: any Dataset
    if let attribute {
      dataset = CombinedAttributes(
        try names(of: attribute).map {
          try options.labelled(of: networks, in: source.data, .train, attribute: $0)
        })
    } else {
      dataset = try options.labelled(of: networks, in: source.data, .train)
    }
    let (picture, result) = try studying {
      try LabelledConcepts(
        samples: samples, count: count, learned: learned, seed: seed, label: made.label
      ).run(on: networks, labelled: dataset)
    }
    try options.finish(
      .concepts, of: networks,
      [("concepts.yaml", Array(result.file.utf8)), ("concepts.png", try PNG.encode(picture))],
      result,
      sentences: [
        "the classifier is right on \((100 * result.accuracy).short) % of the images kept back"
      ])
  }
}
