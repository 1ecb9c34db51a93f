import ArgumentParser
import Datasets
import Images
import Model
import Studies
import Terminal
import Training

extension AscentProgram.Through: ExpressibleByArgument {}
extension VisualizationMethod: ExpressibleByArgument {}

/// `dcgan-run SPEC visualize`.
struct VisualizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.visualize.rawValue,
    abstract: Study.visualize.summary,
    discussion: """
      For each feature of a convolution: the images of the data that it responds to most, and under \
      each what in it makes the response, by guided backpropagation. The same follows with the \
      weights before any training (Radford et al. 2015, figure 5).

      With --method ascend: images that a feature responds to most of all, found by gradient ascent \
      on the latent vector or on pixels, each row beside the real images of the strongest response.

      Examples:
        dcgan-run faces64-gray visualize --layer conv4 --features 0-5
        dcgan-run faces64-gray visualize --layer conv4 --features 0-3 --method ascend

      The data must be those that the run has learned from. Writes visualize.png and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @Option(help: "A convolution of the discriminator.")
  var layer: String

  @Option(help: "The features to show: 0-5, or 3,17,40.")
  var features = "0-5"

  @Option(help: "How to look for what a feature responds to.")
  var method = VisualizationMethod.guided

  @Option(help: "ascend: what moves, latent or pixels. (default: latent)")
  var through: AscentProgram.Through?

  @Option(help: "ascend: random starts of each feature. (default: 16)")
  var starts: Int?

  @Option(help: "ascend: steps of each. (default: 200)")
  var steps: Int?

  @Option(help: "Images of each feature.")
  var count = 8

  @OptionGroup var source: DataOptions

  @OptionGroup var limit: LimitOptions

  @Option(help: "Seed of the untrained weights, or of the starts.")
  var seed: UInt64 = 0

  func validate() throws {
    try expect([
      ("count", count, 1...32), ("starts", starts ?? 1, 1...1000),
      ("steps", steps ?? 1, 1...100_000),
    ])
    let ofAscent = [
      ("through", through != nil), ("starts", starts != nil), ("steps", steps != nil),
    ]
    for (name, isGiven) in ofAscent where isGiven && method == .guided {
      throw ValidationError("--\(name) belongs to `--method ascend`")
    }
    try limit.expect(atLeast: 1)
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
    let dataset = try options.dataset(of: networks, in: source.data)
    let images = limit.count(of: dataset)
    switch method {
    case .guided: try guide(networks, dataset, images)
    case .ascend: try ascend(networks, dataset, images)
    }
  }

  private func ascend(
    _ networks: TrainedNetworks, _ dataset: any Dataset, _ images: Int
  ) throws {
    let (features, steps) = (try chosen(), steps ?? 200)
    var (looked, moved) = (0, 0)
    let (picture, result) = try studying {
      try FeatureAscent(
        layer: layer, features: features, through: through ?? .latent, starts: starts ?? 16,
        steps: steps, shown: count, seed: seed
      ).run(on: networks, dataset: dataset, images: images) { progress in
        switch progress {
        case .looked(let more):
          looked += more
          showProgress("looked at", looked, of: images, "image")
        case .moved:
          moved += 1
          showProgress("took", moved, of: features.count * steps, "step")
        }
      }
    }
    let sentences = result.features.map {
      "feature \($0.feature): response \(Double($0.reached[0]).short) reached; to a real image at most "
        + "\(Double($0.real).short)"
    }
    try options.finish(
      .visualize, of: networks, [("visualize.png", try PNG.encode(picture))], result,
      sentences: sentences)
  }

  private func guide(
    _ networks: TrainedNetworks, _ dataset: any Dataset, _ images: Int
  ) throws {
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
