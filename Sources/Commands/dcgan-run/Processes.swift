import Collective
import Device
import Files
import Foundation
import PJRT
import Terminal
import Training

/// The processes that a launcher such as `mpirun` has started this one with.
enum Processes {
  /// All of them; nil where this process was started alone.
  static func joined() throws -> MPIWorld? {
    guard let launcher = Launcher() else { return nil }
    return try MPIWorld(launcher) { sentence in
      // Without the exits of libraries, which would wait for the process that is silent.
      Terminal.failure(
        sentence
          + "\n  The job ends here; start it again, with any number of processes, to resume from its "
          + "last checkpoint.")
      _exit(silenceStatus)
    }
  }

  /// The status of a process that ends because another is silent: a failure that may be gone next
  /// time (EX_TEMPFAIL of sysexits.h).
  private static let silenceStatus: Int32 = 75

  /// Whether this process talks: the first of several, or one alone.
  static var leads: Bool { (Launcher()?.rank ?? 0) == 0 }

  /// This process's share of the machine's processors, and of its devices.
  static var local: Launcher.Local? { Launcher()?.local }

  /// Processors of the machine for each process on it, at least 1.
  static var processorShare: Int {
    max(1, Processors.all / (local?.count ?? 1))
  }

  /// What holds this process to fewer processors than its share; nil where nothing does.
  ///
  /// Open MPI's launcher holds each of two processes to one core, however many there are.
  static var narrowBinding: String? {
    guard let launcher = Launcher() else { return nil }
    let held = Processors.usable
    guard held < processorShare else { return nil }
    return
      "\(launcher.name) holds this process to \(held) of \(processorShare) processors that are its "
      + "share: `mpirun --bind-to none` or `srun --cpu-bind=none` lets it use them"
  }

  /// Ends a command that every process would carry out by itself, over the same files.
  static func refuseUnlessTraining(_ arguments: [String], commands: [String]) {
    guard let launcher = Launcher(), let command = arguments.first, commands.contains(command),
      command != Train._commandName
    else { return }
    if launcher.rank > 0 { exit(Terminal.Status.usage) }
    Terminal.end(
      withUsage: "Error: \(command): only `train` is shared by \(launcher.count) processes; start "
        + "this command without \(launcher.name)")
  }

  /// The plugin's devices that train together: a thread for each.
  static func devices(_ count: Int, of device: any Device) throws -> [any Device] {
    guard count > 1, let device = device as? PJRTDevice else { return [device] }
    let found = device.client.devices.count
    guard count <= found else {
      throw DeviceProblem.unable(
        reason: "--devices \(count): the plugin finds \(found.counted("device"))")
    }
    return try device.group(of: count)
  }

  /// Starts a thread for each of the devices but the first, which is the run's own.
  static func startFollowers(
    of run: TrainingRun, on devices: [any Device], in group: ThreadGroup
  ) {
    for (index, device) in devices.dropFirst().enumerated() {
      var options = run.options
      options.device = device
      options.collective = group.member(index + 1)
      let follower = TrainingRun(spec: run.spec, graph: run.graph, options: options)
      Thread.detachNewThread {
        do { try follower.follow() } catch { group.abandon("device \(index + 1): \(error)") }
      }
    }
  }

  /// Only process 0 saves and ends: the others wait for its word.
  static func ignoreInterrupts() {
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
  }
}
