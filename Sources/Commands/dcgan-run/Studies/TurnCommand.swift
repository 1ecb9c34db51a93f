import ArgumentParser
import Images
import Studies
import Terminal

/// `dcgan-run SPEC turn`.
struct TurnCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.turn.rawValue,
    abstract: Study.turn.summary,
    discussion: """
      The axis leads from the mean of the left concept's samples to that of the right one's; four \
      samples a side are enough. Each row is a random sample with a part of the axis added, from one \
      side to the other (Radford et al. 2015, figure 8).

      Example:
        dcgan-run faces64 turn --concepts concepts.yaml --left looks_left --right looks_right

      Writes turn.png and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var made: LabelOptions

  @Option(
    help: "The file of concepts: a name and a list of sample numbers each.",
    completion: .file(extensions: ["yaml"]))
  var concepts: String

  @Option(help: "The concept on the left.")
  var left: String

  @Option(help: "The concept on the right.")
  var right: String

  @Option(help: "Random samples, a row each.")
  var rows = 6

  @Option(help: "Images in a row.")
  var steps = 9

  @Option(help: "Lengths of the axis that are added and subtracted at the ends of a row.")
  var reach = 1.0

  @Option(help: "Seed of the random samples.")
  var seed: UInt64 = 1

  func validate() throws {
    if !(1...100).contains(rows) {
      throw ValidationError("--rows \(rows): expected a number from 1 to 100")
    }
    if !(2...100).contains(steps) {
      throw ValidationError("--steps \(steps): expected a number from 2 to 100")
    }
    if !(reach > 0 && reach <= 10) {
      throw ValidationError("--reach \(reach): expected a number above 0, at most 10")
    }
  }

  func run() throws {
    let networks = try options.networks()
    let (picture, result) = try studying {
      try Turn(
        concepts: Concepts(contentsOf: concepts), left: left, right: right, rows: rows,
        steps: steps, reach: reach, seed: seed, label: made.label
      ).run(on: networks)
    }
    try options.finish(
      .turn, of: networks, [("turn.png", try PNG.encode(picture))], result, sentences: [])
  }
}
