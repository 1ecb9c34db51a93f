import ArgumentParser
import Images
import Studies
import Terminal
import Training

/// `dcgan-run SPEC forget`.
struct ForgetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.forget.rawValue,
    abstract: Study.forget.summary,
    discussion: """
      You draw boxes around a thing in some samples, which `dcgan-run SPEC sheet` gives numbers. A \
      logistic regression learns which feature maps of the generator are active inside of them; \
      these are left out, and the thing is gone from other samples, too (Radford et al. 2015, \
      section 6.3.1). The file of boxes has, by the number of each sample, a list of boxes as [top, \
      left, height, width] in pixels:

        seed: 0
        3: [[22, 14, 8, 36]]
        17: [[21, 15, 9, 34]]
        20: []

      Samples that do not show the thing, with an empty list, help to tell it from what else is there.

      Example:
        dcgan-run faces64-gray forget --boxes boxes.yaml

      Writes forget.png and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var made: LabelOptions

  @Option(help: "The file of boxes.", completion: .file(extensions: ["yaml"]))
  var boxes: String

  @Option(help: "A convolution of the generator. (default: the last but one)")
  var layer: String?

  @Option(help: "Maps to leave out at most. (default: all that speak for the boxes)")
  var maps: Int?

  @Option(help: "New samples to try it on.")
  var samples = 100

  @OptionGroup var judge: JudgeOptions

  func validate() throws {
    try expect([("samples", samples, 1...100_000), ("maps", maps ?? 1, 1...1_000_000)])
  }

  func run() throws {
    let networks = try options.networks()
    let (picture, result) = try studying {
      try Forgetting(
        boxes: SampleBoxes(contentsOf: boxes, in: networks.spec.image), layer: layer, maps: maps,
        samples: samples, label: made.label
      ).run(on: networks, judge: judge.chosen(by: options))
    }
    var sentences = [
      "\(result.dropped.count) of \(result.maps.counted("map")) of \(result.layer) are left out; a "
        + "pixel changes by \(result.changeInside.short) inside the boxes and by "
        + "\(result.changeOutside.short) outside, of 255"
    ]
    if let accepted = result.accepted {
      sentences.append(
        "of \(accepted.samples.counted("new sample")) \(accepted.before) were of class "
          + "\(accepted.wanted) before, and \(accepted.after) are after")
    }
    try options.finish(
      .forget, of: networks, [("forget.png", try PNG.encode(picture))], result,
      sentences: sentences)
  }
}
