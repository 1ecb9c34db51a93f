import ArgumentParser
import Images
import Studies
import Terminal

/// `dcgan-run SPEC interpolate`.
struct InterpolateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: Study.interpolate.rawValue,
    abstract: Study.interpolate.summary,
    discussion: """
      A row of the picture leads from one random point to the next: along a straight line for \
      uniform noise, along a great circle for normal noise. The distance between neighbours is that \
      of the discriminator's features; a step far larger than the others is a jump, a sign of \
      memorised images (Radford et al. 2015, section 6.1).

      Writes interpolate.png, interpolate.webp (the same as a film) and result.json.
      """)

  @OptionGroup var options: StudyOptions

  @OptionGroup var made: LabelOptions

  @Option(help: "Random points to walk through.")
  var points = 9

  @Option(help: "Images on the way from one point to the next, both of them included.")
  var steps = 10

  @Flag(help: "Walk back to the first point at the end.")
  var closed = false

  @Option(help: "Seed of the points.")
  var seed: UInt64 = 0

  func validate() throws {
    if !(2...1000).contains(points) {
      throw ValidationError("--points \(points): expected a number from 2 to 1000")
    }
    if !(2...200).contains(steps) {
      throw ValidationError("--steps \(steps): expected a number from 2 to 200")
    }
  }

  func run() throws {
    let networks = try options.networks()
    let (grid, frames, result) = try studying {
      try Interpolation(
        points: points, steps: steps, isClosed: closed, seed: seed, label: made.label
      ).run(on: networks)
    }
    let jumps = result.jumps.map {
      "  row \($0.leg), after image \($0.image): \($0.distance.short)"
    }
    let sentence =
      "neighbours are \(result.meanDistance.short) apart in the mean, at most "
      + "\(result.largestDistance.short), by the discriminator's features"
    try options.finish(
      .interpolate, of: networks,
      [
        ("interpolate.png", try PNG.encode(grid)),
        ("interpolate.webp", try WebPAnimation.encode(frames, milliseconds: 80)),
      ], result,
      sentences: [sentence]
        + (jumps.isEmpty
          ? ["no jumps"] : ["\(jumps.count.counted("jump")), far above the middle step:"] + jumps))
  }
}
