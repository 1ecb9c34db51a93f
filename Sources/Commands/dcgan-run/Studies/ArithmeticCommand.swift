import ArgumentParser
import Images
import Studies
import Terminal

/// `dcgan-run SPEC arithmetic`.
struct ArithmeticCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.arithmetic.rawValue,
    abstract: Study.arithmetic.summary,
    discussion: """
      A concept is the mean latent vector of samples that show it; `dcgan-run SPEC sheet` gives them \
      numbers. The picture shows the samples and the mean of each concept, the result in the middle \
      of a 3 x 3 square with noise around it, and the same arithmetic with the images themselves, \
      for contrast (Radford et al. 2015, figure 7).

      A classifier of real images can say how many of the nine show what is wanted, beside those \
      around each concept.

      Examples:
        dcgan-run faces64 arithmetic --concepts concepts.yaml "smiling_woman - neutral_woman + neutral_man"
        dcgan-run faces64 arithmetic --concepts concepts.yaml "a - b + c" --classifier faces-classifier

      Writes arithmetic.png and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var made: LabelOptions

  @Argument(help: "The expression over concepts: + - * / ( ) and numbers.")
  var expression: String

  @Option(
    help: "The file of concepts: a name and a list of sample numbers each.",
    completion: .file(extensions: ["yaml"]))
  var concepts: String

  @Option(help: "Uniform noise of up to so much is added around the result.")
  var noise = LatentArithmetic.paperNoise

  @OptionGroup var judge: JudgeOptions

  func validate() throws {
    if !(0...10).contains(noise) {
      throw ValidationError("--noise \(noise): expected a number from 0 to 10")
    }
  }

  func run() throws {
    let networks = try options.networks()
    let (picture, result) = try studying {
      try LatentArithmetic(
        concepts: Concepts(contentsOf: concepts), expression: expression, label: made.label,
        noise: noise
      ).run(on: networks, judge: judge.chosen(by: options))
    }
    for name in result.few {
      Terminal.note(
        "`\(name)` has fewer than \(LatentArithmetic.wantedExemplars) samples: single vectors are "
          + "unsteady, means of three or more are not")
    }
    try options.finish(
      .arithmetic, of: networks, [("arithmetic.png", try PNG.encode(picture))], result,
      sentences: result.accepted.map { accepted in
        ([
          "\(accepted.result) of \(LatentArithmetic.around) results are of class \(accepted.wanted)"
        ])
          + accepted.concepts.map {
            "around \($0.name): \($0.count) of \(LatentArithmetic.around)"
          }
      } ?? [])
  }
}
