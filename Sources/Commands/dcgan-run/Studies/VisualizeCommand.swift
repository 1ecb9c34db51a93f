import ArgumentParser
import Images
import Studies
import Terminal
import Training

/// `dcgan-run SPEC visualize`.
struct VisualizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.visualize.rawValue,
    abstract: Study.visualize.summary,
    discussion: """
      For each feature of a convolution: the images of the data that it responds to most, and under \
      each what in it makes the response, by guided backpropagation. The same follows with the \
      weights before any training (Radford et al. 2015, figure 5).

      Example:
        dcgan-run faces64-gray visualize --layer conv4 --features 0-5

      The data must be those that the run has learned from. Writes visualize.png and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @Option(help: "A convolution of the discriminator.")
  var layer: String

  @Option(help: "The features to show: 0-5, or 3,17,40.")
  var features = "0-5"

  @Option(help: "Images of each feature.")
  var count = 8

  @Option(help: "Folder of the data. (default: as for train)", completion: .directory)
  var data: String?

  @Option(help: "Use only the first so many images, as `train --limit` does.")
  var limit: Int?

  @Option(help: "Seed of the untrained weights.")
  var seed: UInt64 = 0

  func validate() throws {
    if !(1...32).contains(count) {
      throw ValidationError("--count \(count): expected a number from 1 to 32")
    }
    if let limit, limit < 1 {
      throw ValidationError("--limit \(limit): expected a number from 1 on")
    }
    _ = try chosen()
  }

  private func chosen() throws -> [Int] {
    let wrong = ValidationError(
      "--features \(features): expected up to 64 numbers, such as 0-5 or 3,17,40")
    let parts = features.split(separator: ",", omittingEmptySubsequences: false)
    var numbers: [Int] = []
    for part in parts {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
        first <= last, last - first < 64, numbers.count < 64
      else { throw wrong }
      numbers += first...last
    }
    if numbers.count > 64 { throw wrong }
    return numbers
  }

  func run() throws {
    let networks = try options.networks()
    let dataset = try options.dataset(of: networks, in: data)
    let images = min(limit ?? dataset.count, dataset.count)
    var done = 0
    let (picture, result) = try studying {
      try GuidedFeatures(layer: layer, features: chosen(), shown: count, seed: seed).run(
        on: networks, dataset: dataset, images: images
      ) { looked in
        done += looked
        showProgress("looked at", done, of: 2 * images, "image")
      }
    }
    let sentences = zip(result.trained, result.untrained).map { trained, random in
      "feature \(trained.feature): strongest response \(Double(trained.responses[0]).short), "
        + "mean \(trained.mean.short); untrained \(Double(random.responses[0]).short), "
        + "mean \(random.mean.short)"
    }
    try options.finish(
      .visualize, of: networks, [("visualize.png", try PNG.encode(picture))], result,
      sentences: sentences)
  }
}
