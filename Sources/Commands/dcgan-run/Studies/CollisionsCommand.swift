import ArgumentParser
import Datasets
import Images
import Studies
import Terminal
import Training

/// `dcgan-run SPEC collisions`.
struct CollisionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.collisions.rawValue,
    abstract: Study.collisions.summary,
    discussion: """
      An autoencoder is trained on the training images, once, and hashes them and samples by which \
      units of its code are active (Radford et al. 2015, section 4.1.1). A generator that has \
      memorised images collides with them more often than real images do that were kept back.

      Example:
        dcgan-run faces64-gray collisions --samples 2000

      The data must be those that the run has learned from. Writes collisions.png, result.json and \
      the autoencoder's run.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var made: LabelOptions

  @OptionGroup var source: DataOptions

  @Option(help: "Samples, and as many real images kept back, if there are so many.")
  var samples = 1000

  @OptionGroup var limit: LimitOptions

  @Option(
    help: """
      The autoencoder's passes over the training images. (default: 20, or as many as 4,000 steps \
      need)
      """)
  var epochs: Int?

  @Option(help: "Seed of the noise.")
  var seed: UInt64 = 0

  func validate() throws {
    try expect([
      ("samples", samples, 1...100_000), ("epochs", epochs ?? 1, 1...1_000_000),
    ])
    try limit.expect(atLeast: 10)
  }

  func run() throws {
    let networks = try options.networks()
    let all = try options.dataset(of: networks, in: source.data)
    let count = limit.count(of: all)
    let train = count < all.count ? Subset((0..<UInt32(count)).map(\.self), of: all) : all
    let kept = try options.keptImages(of: networks, in: source.data)
    let folder = options.folder(of: .collisions, networks) + "/autoencoder"
    let encoder = try DuplicateEncoder(device: try options.compute.chosenDevice).trained(
      on: train, in: folder, epochs: epochs)
    let (picture, result) = try studying {
      try Collisions(samples: samples, seed: seed, label: made.label).run(
        on: networks, train: train, kept: kept, encoder: encoder
      ) { done, all in
        showProgress("hashed", done, of: all, "image")
      }
    }
    func sentence(
      _ rate: Collisions.Result.Rate, _ noun: String, _ nouns: String
    ) -> String {
      "\(rate.collisions.grouped) of \(rate.images.counted(noun, nouns)) have the hash of one of "
        + result.images.counted("training image")
    }
    var sentences = [sentence(result.generated, "sample", "samples")]
    if let kept = result.kept {
      sentences.append(sentence(kept, "real image kept back", "real images kept back"))
    }
    try options.finish(
      .collisions, of: networks, [("collisions.png", try PNG.encode(picture))], result,
      sentences: sentences)
  }
}
