import ArgumentParser
import Reports
import Terminal
import Training

/// The command `dcgan-run SPEC bench`.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure images per second, the time of each layer, and memory.",
    discussion: """
      The images are random numbers; data loading is not measured.

      --profile lists the passes of the device and how close each is to the limits of the machine. \
      --accuracy compares each convolution and matrix product with double precision.
      """)

  @Argument(
    help: "A spec file, or the name of a shipped spec.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @OptionGroup var arguments: SpecArguments

  @Option(help: "What to measure: training steps, or the generator alone.")
  var mode = Benchmark.Mode.train

  @Option(help: "Steps to time; the median is reported.")
  var steps = 5

  @Option(help: "Untimed steps before that.")
  var warmup = 1

  @Flag(help: "Measure each pass of the device, and the limits of the machine.")
  var profile = false

  @Flag(help: "Measure the error of each convolution and matrix product.")
  var accuracy = false

  @Flag(help: "Print one line of JSON.")
  var json = false

  func validate() throws {
    if !(1...1_000_000).contains(steps) {
      throw ValidationError("--steps \(steps): expected a number from 1 to 1000000")
    }
    if !(0...1_000_000).contains(warmup) {
      throw ValidationError("--warmup \(warmup): expected a number from 0 to 1000000")
    }
  }

  func run() throws {
    let (spec, graph, _) = try arguments.compile(spec)
    var extras: Set<Benchmark.Extra> = []
    if profile { extras.insert(.profile) }
    if accuracy { extras.insert(.accuracy) }
    if mode == .sample, !spec.objective.loss.hasGenerator {
      throw TrainingProblem.noGenerator(spec: spec.name)
    }
    let benchmark = Benchmark(
      spec: spec, graph: graph, mode: mode, device: try arguments.compute.chosenDevice,
      steps: steps, warmup: warmup, extras: extras)
    let result = try benchmark.run()
    try Terminal.output(json ? try result.json(of: benchmark) : result.text(of: benchmark))
  }
}

extension Benchmark.Mode: ExpressibleByArgument {}
