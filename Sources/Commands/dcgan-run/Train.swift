import ArgumentParser
import Foundation
import Terminal
import Training

/// The command `dcgan-run SPEC train`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train both networks, or resume an unfinished run.",
    discussion: """
      Writes checkpoints, a grid of samples per epoch (always from the same z) and metrics.jsonl \
      into the run's folder. Ctrl-C saves a checkpoint and stops with exit status 130; the same command resumes the run. \
      The result is the same whether or not a run was interrupted.
      """)

  @Argument(
    help: "A spec file, or the name of a shipped spec.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @OptionGroup var arguments: SpecArguments

  @Option(help: "Passes over the data; overrides the spec.")
  var epochs: Int?

  @Option(help: "The maximum number of images per epoch.")
  var limit: Int?

  @Option(
    help: "The folder with the data sets, in place of $DCGAN_DATA and data/.",
    completion: .directory)
  var data: String?

  @Option(help: "The run's folder. (default: runs/<name of the spec>)", completion: .directory)
  var out: String?

  @Option(help: "How many of the newest checkpoints to keep.")
  var keep = 3

  @Option(
    help: """
      A checkpoint or the folder of a run whose weights a new run begins with, wherever names and \
      sizes fit.
      """)
  var initFrom: String?

  @Flag(help: "Write event files for TensorBoard, too, into tensorboard/ of the run's folder.")
  var tensorboard = false

  @Flag(help: "Start over; an earlier run is kept next to the new one.")
  var fresh = false

  func validate() throws {
    if let epochs, !(1...1_000_000).contains(epochs) {
      throw ValidationError("--epochs \(epochs): expected a number from 1 to 1000000")
    }
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): expected at least 1") }
    if keep < 1 { throw ValidationError("--keep \(keep): expected at least 1") }
  }

  func run() throws {
    Interrupt.watch()
    let (spec, graph, specFolder) = try arguments.compile(spec, epochs: epochs)
    var options = TrainingRun.Options(
      folder: out ?? "runs/\(spec.name)", device: arguments.compute.chosenDevice)
    options.limit = limit
    options.dataFolder = data
    options.specFolder = specFolder
    options.fresh = fresh
    options.writesEvents = tensorboard
    options.initialWeights = initFrom
    options.keptCheckpoints = keep
    let report = TrainingReport(
      spec: self.spec, folder: out,
      call: CallText(arguments: Array(CommandLine.arguments.dropFirst())))
    let ending = try TrainingRun(spec: spec, graph: graph, options: options).run(
      shouldStop: { Interrupt.wasRequested },
      report: { event in
        if case .started = event { Interrupt.trainingBegins() }
        report.show(event)
      })
    switch ending {
    case .finished: break
    case .interrupted: throw ExitCode(Interrupt.status)
    }
  }
}
