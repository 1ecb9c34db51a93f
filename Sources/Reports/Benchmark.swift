import Device
import Foundation
import LayerGraph
import Model
import Model
import Program
import Spec
import Training

/// How fast a spec trains or samples on random images; loading data is not measured.
package struct Benchmark {
  package let spec: Spec
  package let graph: LayerGraph
  package let mode: Mode
  package let device: any Device
  /// Steps that are timed, and steps before that.
  package let steps: Int
  package let warmup: Int
  package let extras: Set<Extra>

  /// What is measured besides.
  package enum Extra: Sendable, CaseIterable {
    /// The limits of the machine, and each pass of the device as the median of several runs.
    case profile
    /// The error of each convolution and product.
    case accuracy
  }

  package enum Mode: String, Sendable, CaseIterable {
    case train
    case sample
  }

  package init(
    spec: Spec, graph: LayerGraph, mode: Mode, device: any Device, steps: Int, warmup: Int,
    extras: Set<Extra> = []
  ) {
    self.spec = spec
    self.graph = graph
    self.mode = mode
    self.device = device
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
    /// The same as planned, in bytes: what the process took before it loaded anything, and what is
    /// reserved for the state, passing values and threads.
    package let plannedBytes: Int
    /// The passes of the device in order, timed in one more run, or in several for a profile.
    ///
    /// Empty where the device does not profile.
    package let profile: [TimedPass]
    /// Only with `Extra.profile`.
    package let limits: DeviceLimits?
    /// Only with `Extra.accuracy`.
    package let accuracy: [Accuracy.Row]?

    /// Sums of the profile over each origin, the most time first.
    package var layers: [Layer] {
      var sums: [Origin: (seconds: Double, flops: Int)] = [:]
      for timing in profile {
        sums[timing.pass.origin, default: (0, 0)].seconds += timing.seconds
        sums[timing.pass.origin, default: (0, 0)].flops += timing.pass.flops
      }
      return sums.map {
        Layer(
          path: $0.key.path, part: $0.key.part, seconds: $0.value.seconds,
          flops: $0.value.flops)
      }.sorted { ($0.seconds, $1.path) > ($1.seconds, $0.path) }
    }
  }

  package struct TimedPass: Sendable {
    package let pass: DevicePass
    package let seconds: Double
  }

  /// The time that the instructions of one layer take in one step, in all passes through it.
  package struct Layer: Sendable {
    package let path: String
    package let part: Origin.Part
    package let seconds: Double
    package let flops: Int
  }

  package func run() throws(TrainingProblem) -> Result {
    let processBytes = ProcessMemory.present
    let work = try Work(self)
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
    return try onDevice { () throws(DeviceProblem) in
      let isProfile = extras.contains(.profile)
      let profile = try work.profile(runs: isProfile ? Self.profileRuns : 1)
      let limits = isProfile ? try device.measuredLimits() : nil
      let accuracy = extras.contains(.accuracy) ? try work.accuracy() : nil
      if isProfile, limits == nil { throw unable("profile") }
      if extras.contains(.accuracy), accuracy == nil { throw unable("accuracy") }
      return Result(
        imagesPerSecond: Double(spec.train.batch) / median, fastest: seconds[0], median: median,
        slowest: seconds[seconds.count - 1], firstStepDoneAfter: first, peakMemory: peakMemory,
        plannedBytes: processBytes + work.reservedBytes, profile: profile ?? [], limits: limits,
        accuracy: accuracy)
    }
  }

  private func unable(_ option: String) -> DeviceProblem {
    .unable(reason: "--\(option): the device '\(device.name)' does not measure its passes")
  }
}

extension Benchmark {
  private static let profileRuns = 5
}

/// What is repeated.
private final class Work {
  private let device: any Device
  private let state: any DeviceState
  private let programs: [any LoadedProgram]
  private let session: TrainingSession?
  private var count = 0

  init(_ benchmark: Benchmark) throws(TrainingProblem) {
    let (spec, graph) = (benchmark.spec, benchmark.graph)
    device = benchmark.device
    switch benchmark.mode {
    case .train:
      let session = try TrainingSession(spec: spec, graph: graph, device: device)
      try session.initialize()
      try session.setImages(Self.images(for: spec))
      self.session = session
      (state, programs) = (session.state, session.programs)
    case .sample:
      session = nil
      let program = SamplingProgram(of: spec, graph: graph, batch: spec.train.batch).program
      (state, programs) = try onDevice { [device] () throws(DeviceProblem) in
        let state = try device.makeState()
        let programs = try state.load([program])
        try StateTensor.all(of: spec, graph: graph).initialize(
          in: state, for: spec, seed: spec.train.seed)
        try state.write(
          spec.latent.noise(count: spec.train.batch, seed: 0), to: TensorName.sampleNoise)
        return (state, programs)
      }
    }
    if let classes = spec.condition?.classes {
      let labels = (0..<spec.train.batch).map { $0 % classes }
      if let session {
        try session.setLabels(labels, classes: classes)
      } else if state.contains(TensorName.sampleLabels) {
        try onDevice { [state] () throws(DeviceProblem) in
          try state.write(oneHot(labels, classes: classes), to: TensorName.sampleLabels)
        }
      }
    }
  }

  func step() throws(TrainingProblem) {
    if let session {
      _ = try session.run()
    } else {
      try onDevice { () throws(DeviceProblem) in
        try programs[0].run(key: RandomKey(seed: 0, step: UInt64(count)))
      }
    }
    count += 1
  }

  var reservedBytes: Int { state.bytes }

  /// The passes of all programs, each with the median of `runs` times; nil where the device does
  /// not profile.
  func profile(runs: Int) throws(DeviceProblem) -> [Benchmark.TimedPass]? {
    var timed: [Benchmark.TimedPass] = []
    for program in programs {
      guard let passes = program.passes else { return nil }
      var times: [[Duration]] = []
      for _ in 0..<runs {
        let key = RandomKey(seed: 0, step: UInt64(count))
        guard let durations = try program.profile(key: key) else { return nil }
        times.append(durations)
      }
      for (index, pass) in passes.enumerated() {
        let median = times.map { $0[index] }.sorted()[runs / 2]
        timed.append(Benchmark.TimedPass(pass: pass, seconds: median / .seconds(1)))
      }
    }
    return timed
  }

  func accuracy() throws(DeviceProblem) -> [Accuracy.Row]? {
    try Accuracy.rows(of: programs, on: device)
  }

  /// Random images [N, H, W, C] in the spec's range.
  private static func images(for spec: Spec) -> [Float] {
    let image = spec.image
    let count = spec.train.batch * image.height * image.width * image.channels
    let (lower, upper) = (image.pixelRange.lowerBound, image.pixelRange.upperBound)
    var images = [Float](repeating: 0, count: count)
    images.withUnsafeMutableBufferPointer { buffer in
      RandomStream(key: RandomKey(seed: 0, step: 0), stream: 0).fill(buffer, .uniform, from: 0)
      for i in buffer.indices { buffer[i] = lower + (upper - lower) * buffer[i] }
    }
    return images
  }
}

/// Linux gives a process's start in clock ticks since the machine's.
private func secondsSinceProcessStart() -> Double {
  // Other systems have no such files.
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
