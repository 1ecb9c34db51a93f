import ArgumentParser
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

      Every hundred steps the training is examined: what is found (a discriminator that has won, a \
      generator that has collapsed, …) is said once, with a code for `dcgan-compile --explain`. \
      `train: {on_trouble: stop}` in the spec, or rewind in place of stop, says what happens then.
      """)

  @Argument(
    help: "A spec file, or the name of a shipped spec.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @OptionGroup var training: TrainingOptions

  @Option(help: "The run's folder. (default: runs/<name of the spec>)", completion: .directory)
  var out: String?

  @Option(
    help: """
      A checkpoint or the folder of a run whose weights a new run begins with, wherever names and \
      sizes fit.
      """)
  var initFrom: String?

  @Flag(help: "Start over; an earlier run is kept next to the new one.")
  var fresh = false

  func run() throws {
    Interrupt.watch()
    let run = try training.run(spec, in: { out ?? "runs/\($0.name)" }) { options in
      options.fresh = fresh
      options.initialWeights = initFrom
    }
    let call = CallText(arguments: Array(CommandLine.arguments.dropFirst()))
    try run.runInForeground(
      TrainingReport(spec: spec, folder: out, call: call), judge: training.judge(for: run))
  }
}
