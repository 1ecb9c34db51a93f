import ArgumentParser
import Foundation
import Images
import Studies
import Terminal

/// `dcgan-run SPEC evaluate`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.evaluate.rawValue,
    abstract: Study.evaluate.summary,
    discussion: """
      nearest-neighbor: each image of the test set gets the class of the nearest of the samples, which \
      a conditional generator makes of every class. The share of errors says how well the samples \
      stand for the real images, with which the same is done beside (Radford et al. 2015, \
      table 3). Samples are not kept: millions need time, but no memory.

      Example:
        dcgan-run mnist-conditional evaluate --protocol nearest-neighbor --per-class 5000

      Writes evaluate.png, with ten samples of each class, and result.json.
      """)

  enum Measure: String, CaseIterable, ExpressibleByArgument {
    case nearestNeighbor = "nearest-neighbor"
  }

  @OptionGroup var options: StudyOptions

  @Option(name: .customLong("protocol"), help: "What is measured.")
  var measure: Measure

  @Option(help: "Folder of the data. (default: as for train)", completion: .directory)
  var data: String?

  @Option(help: "Samples of each class.")
  var perClass = 5000

  @Option(help: "Images of the test set at most.")
  var tested = 10_000

  @Option(help: "Seed of the noise.")
  var seed: UInt64 = 0

  func validate() throws {
    try expect([
      ("per-class", perClass, 1...10_000_000), ("tested", tested, 1...10_000),
    ])
  }

  func run() throws {
    let networks = try options.networks()
    let train = try options.labelled(of: networks, in: data, .train)
    let test = try options.labelled(of: networks, in: data, .test)
    let (picture, result) = try studying {
      try NearestNeighborTest(perClass: perClass, tested: tested, seed: seed).run(
        on: networks, train: train, test: test
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
}
