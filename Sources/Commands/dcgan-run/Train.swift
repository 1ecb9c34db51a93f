import ArgumentParser
import Collective
import Device
import PJRT
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

      Under `mpirun`, several processes on one or more machines share the shards of each batch: \
      `mpirun -n 4 dcgan-run mnist train --set train.shards=8`. The result is the same for any number \
      of processes; see docs/scale.md.
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

  @Option(
    help: "Devices of a plugin that share the shards of each batch, from the first on. (default: 1)"
  )
  var devices: Int?

  @Flag(help: "Start over; an earlier run is kept next to the new one.")
  var fresh = false

  func validate() throws {
    guard let devices else { return }
    if !(1...PJRTDevice.mostTogether).contains(devices) {
      throw ValidationError(
        "--devices \(devices): expected a number from 1 to \(PJRTDevice.mostTogether)")
    }
    if !training.arguments.compute.device.isPlugin {
      throw ValidationError("--devices: an option of plugins, such as --device cuda")
    }
    if Launcher() != nil {
      throw ValidationError("--devices: start one process for each device instead of this option")
    }
  }

  func run() throws {
    Interrupt.watch()
    let world = try Processes.joined()
    let group = ThreadGroup(count: devices ?? 1)
    var members: [any Device] = []
    let run = try training.run(spec, in: { out ?? "runs/\($0.name)" }) { options in
      members = try Processes.devices(group.count, of: options.device)
      options.device = members[0]
      options.fresh = fresh
      options.initialWeights = initFrom
      options.collective = world ?? group.member(0)
    }
    Processes.startFollowers(of: run, on: members, in: group)
    if let world, world.rank > 0 {
      Processes.ignoreInterrupts()
      try run.follow()
      return try world.close()
    }
    if let narrow = Processes.narrowBinding { Terminal.note(narrow) }
    let call = CallText(
      arguments: Array(CommandLine.arguments.dropFirst()), launcher: Launcher()?.call)
    let report = TrainingReport(spec: spec, folder: out, call: call)
    do {
      try run.runInForeground(report, judge: training.judge(for: run))
    } catch let status as ExitCode {
      // Interrupted or stopped, and all processes have been told. After another error this one ends
      // without taking leave, which ends the others.
      try world?.close()
      throw status
    }
    try world?.close()
  }
}
