import ArgumentParser
import Studies
import Terminal

extension FeatureClassification.Representation: ExpressibleByArgument {}

/// `dcgan-run SPEC features`.
struct FeaturesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.features.rawValue,
    abstract: Study.features.summary,
    discussion: """
      The features are what comes out of every convolution of the discriminator, of which the \
      largest number in each of 4 x 4 parts is taken. A linear support vector machine learns from \
      some labelled images of each class, drawn several times, and is tried on the test set. Beside \
      it stand raw pixels and the features of the same network before training (Radford et al. 2015, \
      section 5). The generator's features are those of the latent vector that makes an image, which \
      must be looked for: this takes a while.

      Examples:
        dcgan-run mnist features --per-class 100
        dcgan-run mnist features --full --of discriminator --of pixels

      Writes result.json.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var source: DataOptions

  @Option(help: "Labelled images of each class to learn from.")
  var perClass = 100

  @Flag(help: "Learn from all labelled images, once, in place of some of each class.")
  var full = false

  @Option(
    name: .customLong("of"),
    help: "What the features are those of; may be repeated. (default: all but generator)")
  var representations: [FeatureClassification.Representation] = []

  @Option(help: "How often they are drawn.")
  var draws = 10

  @Option(help: "Parts of a map along each axis.")
  var pool = 4

  @Option(help: "Images of the test set at most.")
  var tested = 10_000

  @Option(help: "Seed of the draws.")
  var seed: UInt64 = 0

  private var chosen: [FeatureClassification.Representation] {
    FeatureClassification.Representation.allCases.filter {
      representations.isEmpty ? $0 != .generator : representations.contains($0)
    }
  }

  func validate() throws {
    try expect([
      ("per-class", perClass, 1...1_000_000), ("draws", draws, 1...1000), ("pool", pool, 1...64),
      ("tested", tested, 1...10_000_000),
    ])
  }

  func run() throws {
    let networks = try options.networks()
    let train = try options.labelled(of: networks, in: source.data, .train)
    let test = try options.labelled(of: networks, in: source.data, .test)
    let result = try studying {
      try FeatureClassification(
        perClass: full ? nil : perClass, draws: draws, pool: pool, seed: seed, tested: tested,
        representations: chosen
      ).run(on: networks, train: train, test: test) { words in
        if Terminal.canRewriteLines { Terminal.line("\(words) ...") }
      }
    }
    let sentences = FeatureClassification.Representation.allCases.compactMap { kind -> String? in
      guard let found = result.accuracies[kind.rawValue] else { return nil }
      return "\(kind.words), \(found.size.grouped) numbers: "
        + "\((100 * found.mean).short) % right"
        + (full
          ? ""
          : ", ± \((100 * found.deviation).short) over \(draws.counted("draw"))")
    }
    try options.finish(.features, of: networks, [], result, sentences: sentences)
  }
}
