import ArgumentParser
import Images
import Studies
import Terminal

/// `dcgan-run SPEC sheet`.
struct SheetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.sheet.rawValue,
    abstract: Study.sheet.summary,
    discussion: """
      Under each image stands its number among those of the seed. Write the numbers of images that \
      show the same thing into a file of concepts, for `dcgan-run SPEC arithmetic`:

        seed: 0
        smiling_woman: [3, 17, 40]
        neutral_woman: [8, 21, 33]

      Writes sheet.png and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var made: LabelOptions

  @Option(help: "How many images.")
  var count = 100

  @Option(help: "Seed of the noise.")
  var seed: UInt64 = 0

  func validate() throws {
    if !(1...10_000).contains(count) {
      throw ValidationError("--count \(count): expected a number from 1 to 10000")
    }
  }

  func run() throws {
    let networks = try options.networks()
    let (sheet, result) = try studying {
      try SampleSheetStudy(count: count, seed: seed, label: made.label).run(on: networks)
    }
    try options.finish(
      .sheet, of: networks, [("sheet.png", try PNG.encode(sheet))], result, sentences: [])
  }
}
