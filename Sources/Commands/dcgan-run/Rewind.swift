import ArgumentParser
import Files
import Terminal
import Training

/// The command `dcgan-run SPEC rewind`.
struct Rewind: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train on from an earlier checkpoint of a run, as a new branch.",
    discussion: """
      The run stays as it is; the branch is a run of its own, which begins with the metrics and the \
      samples until there. All that does not change the layers may differ: the learning rate, the \
      batch, the data.

      EXAMPLE
        dcgan-run mnist rewind --to epoch-2 --set train.optimizer.adam.learning_rate=1e-4
      """)

  @Argument(
    help: "A spec file, or the name of a shipped spec.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @Option(
    name: .customLong("to"),
    help: "The checkpoint to go back to: epoch-19, step-35625, or best (see train --keep-best).")
  var point: RunBranch.Point

  @Option(
    name: .customLong("run"), help: "The run's folder. (default: runs/<name of the spec>)",
    completion: .directory)
  var runFolder: String?

  @Option(
    help: "The folder of the branch. (default: the first of <run>-branch-1, -2, … that is free)",
    completion: .directory)
  var branch: String?

  @OptionGroup var training: TrainingOptions

  func run() throws {
    Interrupt.watch()
    var source = RunFolder(path: runFolder ?? "")
    let run = try training.run(
      spec,
      in: { spec in
        if runFolder == nil { source = RunFolder(path: "runs/\(spec.name)") }
        return try branch ?? source.freeBranch()
      }
    ) { options in
      options.branch = RunBranch(run: source, point: point)
    }
    // To go on with the branch is to train in its folder.
    let call = CallText(arguments: Array(CommandLine.arguments.dropFirst()))
      .replacing(command: "rewind", by: "train", without: ["--to", "--run", "--branch"])
      .adding(["--out", run.options.folder])
    try run.runInForeground(
      TrainingReport(spec: spec, folder: run.options.folder, call: call),
      judge: training.judge(for: run))
  }
}

extension RunBranch.Point: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
