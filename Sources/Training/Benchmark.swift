import Model
import Foundation
import LayerGraph
import Program
import CPU
import Spec

/// How fast a spec trains or samples on random images; loading data is not measured.
package struct Benchmark {
  package let spec: Spec
  package let graph: LayerGraph
  package let mode: Mode
  package let threads: Int
  package let kernels: KernelChoice
  /// Steps that are timed, and steps before that.
  package let steps: Int
  package let warmup: Int
  package let extras: Set<Extra>

  /// What is measured besides.
  package enum Extra: Sendable, CaseIterable {
    /// The limits of the machine, and each planned step as the median of several runs.
    case profile
    /// The error of each convolution and product.
    case accuracy
  }

  package enum Mode: String, Sendable, CaseIterable {
    case train
    case sample
  }

  package init(
    spec: Spec, graph: LayerGraph, mode: Mode, threads: Int,
    kernels: KernelChoice = KernelChoice(), steps: Int, warmup: Int, extras: Set<Extra> = []
  ) {
    self.spec = spec
    self.graph = graph
    self.mode = mode
    self.threads = threads
    self.kernels = kernels
    self.steps = steps
    self.warmup = warmup
    self.extras = extras
  }

  package struct Result: Sendable {
    package let imagesPerSecond: Double
    /// Seconds of a step.
    package let fastest: Double
    package let median: Double
    package let slowest: Double
    /// From the start of the process to the end of its first step.
    package let firstStepDoneAfter: Double
    /// The largest resident memory of the process so far, in MiB.
    package let peakMemory: Double
    /// The same as foreseen, in bytes: what the process took before it planned anything, and what
    /// is reserved for the state, passing values and workers.
    package let plannedBytes: Int
    /// The steps of the plan in order, timed in one more run; several with `Extra.profile`.
    package let profile: [Executor.StepTime]
    /// Only with `Extra.profile`.
    package let limits: MachineLimits?
    /// Only with `Extra.accuracy`.
    package let accuracy: [Accuracy.Row]?

    /// Sums of the profile over each origin, the most time first.
    package var layers: [Layer] {
      var sums: [Origin: (seconds: Double, flops: Int)] = [:]
      for timing in profile {
        sums[timing.step.origin, default: (0, 0)].seconds += timing.seconds
        sums[timing.step.origin, default: (0, 0)].flops += timing.step.flops
      }
      return sums.map {
        Layer(
          path: $0.key.path, phase: $0.key.phase, seconds: $0.value.seconds,
          flops: $0.value.flops)
      }.sorted { ($0.seconds, $1.path) > ($1.seconds, $0.path) }
    }
  }

  /// The time that the instructions of one layer take in one step, in all passes through it.
  package struct Layer: Sendable {
    package let path: String
    package let phase: Origin.Phase
    package let seconds: Double
    package let flops: Int
  }

  package func run() throws(TrainingProblem) -> Result {
    let processBytes = ProcessMemory.present
    let pool = try WorkerPool.make(threads: threads)
    let work = try Work(self, pool)
    try work.step()
    let first = secondsSinceProcessStart()
    for _ in 1..<max(1, warmup) { try work.step() }
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for _ in 0..<steps {
      let start = clock.now
      try work.step()
      seconds.append((clock.now - start) / .seconds(1))
    }
    seconds.sort()
    let median =
      (seconds[(seconds.count - 1) / 2] + seconds[seconds.count / 2]) / 2
    // Before anything else takes memory.
    let peakMemory = Double(ProcessMemory.peak) / 1_048_576
    let isProfile = extras.contains(.profile)
    return Result(
      imagesPerSecond: Double(spec.train.batch) / median, fastest: seconds[0], median: median,
      slowest: seconds[seconds.count - 1], firstStepDoneAfter: first,
      peakMemory: peakMemory, plannedBytes: processBytes + work.reservedBytes,
      profile: work.profile(runs: isProfile ? Self.profileRuns : 1),
      limits: isProfile
        ? try runtime { () throws(RuntimeError) in
          try MachineLimits.measured(by: pool, isa: kernels.isa)
        } : nil,
      accuracy: extras.contains(.accuracy) ? try work.accuracy(pool) : nil)
  }
}

extension Benchmark {
  private static let profileRuns = 5
}

extension Executor.StepTime {
  package var seconds: Double { duration / .seconds(1) }
}

/// What is repeated.
private final class Work {
  private let executors: [Executor]
  private let store: TensorStore
  private let session: TrainingSession?
  private var count = 0

  init(_ benchmark: Benchmark, _ pool: WorkerPool) throws(TrainingProblem) {
    let spec = benchmark.spec
    switch benchmark.mode {
    case .train:
      let session = try TrainingSession(
        spec: spec, graph: benchmark.graph, pool: pool, kernels: benchmark.kernels)
      try session.initialize()
      self.session = session
      store = session.store
      executors = session.executors
      fill(TensorName.real, spec.image.range)
    case .sample:
      store = TensorStore()
      session = nil
      let program = SamplingProgram(of: spec, graph: benchmark.graph, batch: spec.train.batch)
      executors = [
        try Executor.make(
          for: program.program, store: store, pool: pool, kernels: benchmark.kernels)
      ]
      try StateTensor.all(of: spec, graph: benchmark.graph).initialize(
        in: store, spec.initialization, seed: spec.train.seed, pool: pool)
      try store.set(
        TensorName.sampleNoise, to: spec.latent.noise(count: spec.train.batch, seed: 0))
    }
    if let condition = spec.condition {
      let labels = (0..<spec.train.batch).map { $0 % condition.classes }
      for name in [TensorName.labels, TensorName.sampleLabels] where store.contains(name) {
        try store.set(name, to: oneHot(labels, classes: condition.classes))
      }
    }
  }

  func step() throws(TrainingProblem) {
    if let session {
      _ = try session.run()
    } else {
      executors[0].run(key: RandomKey(seed: 0, step: UInt64(count)))
    }
    count += 1
  }

  /// All executors share their workspace.
  var reservedBytes: Int { store.bytes + (executors.first?.workspace.bytes ?? 0) }

  /// The planned steps of all executors, each with the median of `runs` times.
  func profile(runs: Int) -> [Executor.StepTime] {
    executors.flatMap { executor in
      let times = (0..<runs).map { _ in
        executor.runProfiled(key: RandomKey(seed: 0, step: UInt64(count)))
      }
      return times[0].indices.map { step in
        times.map { $0[step] }.sorted { $0.duration < $1.duration }[runs / 2]
      }
    }
  }

  func accuracy(_ pool: WorkerPool) throws(TrainingProblem) -> [Accuracy.Row] {
    try Accuracy.rows(of: executors.map(\.plan), pool: pool)
  }

  private func fill(_ name: String, _ range: ClosedRange<Double>) {
    guard store.contains(name) else { return }
    let (lower, upper) = (Float(range.lowerBound), Float(range.upperBound))
    // `name` is in the store, so that this cannot throw.
    try? store.withBuffer(name) { buffer in
      RandomStream(key: RandomKey(seed: 0, step: 0), stream: 0).fill(buffer, .uniform, from: 0)
      for i in buffer.indices { buffer[i] = lower + (upper - lower) * buffer[i] }
    }
  }
}

/// Linux tells a process's start in clock ticks since the machine's.
private func secondsSinceProcessStart() -> Double {
  guard let statistics = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
    let uptime = try? String(contentsOfFile: "/proc/uptime", encoding: .utf8),
    let afterName = statistics.split(separator: ")").last,
    let up = uptime.split(separator: " ").first.flatMap({ Double($0) })
  else { return .nan }
  // The name in parentheses is field 2, so that field 22, the start, is the 20th after it.
  let fields = afterName.split(separator: " ")
  guard fields.count > 19, let ticks = Double(fields[19]) else { return .nan }
  return up - ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
}
