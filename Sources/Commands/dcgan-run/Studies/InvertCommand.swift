import ArgumentParser
import Images
import Studies
import Terminal

/// `dcgan-run SPEC invert`.
struct InvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.invert.rawValue,
    abstract: Study.invert.summary,
    discussion: """
      Gradient descent through the generator, from several random starts, on the mean square \
      difference of pixels. The picture shows the image and the best results, with the root of the \
      mean square difference below, on the scale of 0 to 255. An image that the generator cannot \
      make keeps a large one.

      Writes invert.png and result.json, which has the latent vectors.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var made: LabelOptions

  @Option(
    name: .customLong("image"), help: "The image; can be given several times.", completion: .file())
  var images: [String]

  @Option(help: "Random starts for each image.")
  var starts = 16

  @Option(help: "Steps of gradient descent.")
  var steps = 300

  @Option(help: "Seed of the starts.")
  var seed: UInt64 = 0

  func validate() throws {
    if images.isEmpty { throw ValidationError("name an image: --image x.png") }
    if !(1...1024).contains(starts) {
      throw ValidationError("--starts \(starts): expected a number from 1 to 1024")
    }
    if !(1...100_000).contains(steps) {
      throw ValidationError("--steps \(steps): expected a number from 1 to 100000")
    }
  }

  func run() throws {
    let networks = try options.networks()
    var done = 0
    let whole = steps * images.count
    let (picture, result) = try studying {
      try Inversion(starts: starts, steps: steps, seed: seed, label: made.label).run(
        on: networks, images: images
      ) {
        done += 1
        guard Terminal.canRewriteLines, done % 10 == 0 || done == whole else { return }
        Terminal.message("\r\u{1B}[Kstep \(done) of \(whole)\(done == whole ? "\n" : "")")
      }
    }
    try options.finish(
      .invert, of: networks, [("invert.png", try PNG.encode(picture))], result,
      sentences: result.images.map { found in
        "\(found.path.visible): \(found.errors[0].short) of 255 off at best, "
          + "\(found.errors[found.errors.count / 2].short) from the middle start"
      })
  }
}
