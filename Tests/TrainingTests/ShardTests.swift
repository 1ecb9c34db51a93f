import CPU
import Collective
import Compiler
import DeviceSupport
import Diagnostics
import Model
import Program
import Spec
import TestSupport
import Testing

@testable import Training

/// Trainings whose batches are cut into shards, by one process and by several.
@Suite struct ShardTests {
  private let folder = try! TemporaryFolder()

  /// Settings with which batchnorm sees all shards.
  private static let acrossShards = "batch: 12, shards: 6, seed: 2"

  private static func text(_ train: String) -> String {
    let text = Fixture.small.replacingOccurrences(
      of: "train: {batch: 6}", with: "data: {source: digits}\ntrain: {epochs: 2, \(train)}")
    return train == acrossShards ? overAll(text) : text
  }

  private static func overAll(_ text: String) -> String {
    text.replacingOccurrences(of: "norm: batch", with: "norm: {batch: {over: all}}")
  }

  private static func run(
    _ train: String, in folder: String, collective: any Collective = Alone(), threads: Int = 1
  ) -> TrainingRun {
    let compilation = Compilation(SourceFile(path: "shards.yaml", text: text(train)))
    var options = TrainingRun.Options(folder: folder, device: CPUDevice(threads: threads))
    options.limit = 40
    options.collective = collective
    // The text is this file's own.
    return TrainingRun(spec: compilation.spec!, graph: compilation.graph!, options: options)
  }

  private func checkpoint(_ name: String, step: Int = 6) throws -> [UInt8] {
    try folder.bytes(of: "\(name)/checkpoints/step-\(step).safetensors")
  }

  /// One process and several leave the same bytes, whether or not the shards can be dealt evenly.
  @Test(arguments: [
    "batch: 12, shards: 6", "batch: 12, shards: 6, updates: alternate", acrossShards,
  ])
  func processesChangeNoBit(_ train: String) async throws {
    _ = try Self.run(train, in: folder.path("alone")).run(shouldStop: { false }) { _ in }
    let expected = try checkpoint("alone")
    for count in [2, 3, 5] {
      let path = folder.path("of\(count)")
      let problems = await Together.run(count) { process -> String? in
        let run = Self.run(train, in: path, collective: process, threads: count)
        do {
          if process.rank > 0 {
            try run.follow()
          } else {
            _ = try run.run(shouldStop: { false }) { _ in }
          }
          return nil
        } catch {
          return "\(error)"
        }
      }
      #expect(problems.allSatisfy { $0 == nil }, "\(problems)")
      #expect(try checkpoint("of\(count)") == expected)
    }
  }

  /// A run of three processes is stopped in its first epoch and goes on with two.
  @Test func aRunGoesOnWithOtherProcesses() async throws {
    let train = "batch: 12, shards: 4"
    _ = try Self.run(train, in: folder.path("alone")).run(shouldStop: { false }) { _ in }
    let path = folder.path("moved")
    for count in [3, 2] {
      _ = await Together.run(count) { process in
        let run = Self.run(train, in: path, collective: process)
        if process.rank > 0 { return try! run.follow() }
        var steps = 0
        _ = try! run.run(shouldStop: {
          steps += 1; return count == 3 && steps == 2
        }) { _ in }
      }
    }
    #expect(try checkpoint("moved") == checkpoint("alone"))
  }

  /// The layer is found by process 0, whose words are those of one process alone.
  @Test func aNumberThatIsNotFiniteIsTraced() async throws {
    let train = "batch: 12, shards: 2, optimizer: {sgd: {learning_rate: 1000}}"
    @Sendable func findings(_ run: TrainingRun) throws -> [String] {
      var findings: [String] = []
      let ending = try run.run(shouldStop: { false }) { event in
        if case .finding(let found) = event { findings.append(found.diagnostic.message) }
      }
      #expect(ending == .stopped)
      return findings
    }
    let alone = try findings(Self.run(train, in: folder.path("alone")))
    #expect(alone.last?.contains("`") == true, "\(alone)")
    let path = folder.path("two")
    let together = await Together.run(2) { process -> [String] in
      let run = Self.run(train, in: path, collective: process)
      // Problems of a test's own messages do not exist.
      if process.rank > 0 { try! run.follow() }
      return process.rank == 0 ? try! findings(run) : []
    }
    #expect(together == [alone, []])
  }

  /// With `over: all` a batch in four shards is trained on as one that is not cut, but for rounding;
  /// an autoencoder, since it draws no random numbers.
  @Test func batchnormOverAllShardsIsThatOfTheBatch() throws {
    let text = Fixture.small.replacingOccurrences(
      of: "train: {batch: 6}",
      with: """
        objective: {loss: reconstruction}
        train: {batch: 12, optimizer: sgd}
        """
    ).replacingOccurrences(
      of: "units: 1, norm: none, activation: sigmoid",
      with: "units: 5, norm: none, activation: none")
    func trained(_ text: String) throws -> [String: [Float]] {
      let session = try Fixture.session(text, threads: 1)
      try session.initialize()
      for step in 0..<3 {
        try session.setImages(
          (0..<12 * 14 * 14).map { Float(($0 * 7 + step) % 23) / 23 * Float($0 / 196 + 1) / 12 })
        _ = try session.run()
      }
      return try Dictionary(
        uniqueKeysWithValues: session.tensors.map { ($0.name, try session.state.read($0.name)) })
    }
    func difference(_ a: [String: [Float]], _ b: [String: [Float]]) -> Float {
      a.map { name, numbers in
        zip(numbers, b[name] ?? []).map { abs($0 - $1) / max(abs($0), 0.1) }.max() ?? .infinity
      }.max() ?? .infinity
    }
    let whole = try trained(text)
    let cut = text.replacingOccurrences(of: "batch: 12,", with: "batch: 12, shards: 4,")
    #expect(try difference(trained(Self.overAll(cut)), whole) < 1e-5)
    #expect(try difference(trained(cut), whole) > 1e-3)
  }

  /// The programs that look at every layer are cut at other places, and compute the same.
  @Test func programsOfShardsCanBeReplaced() throws {
    func session() throws -> TrainingSession {
      let text = Self.overAll(Fixture.small)
        .replacingOccurrences(of: "batch: 6", with: "batch: 6, shards: 2")
      let session = try Fixture.session(text, threads: 1)
      try session.initialize()
      return session
    }
    let images = (0..<6 * 14 * 14).map { Float($0 % 23) / 23 }
    let plain = try session()
    try plain.setImages(images)
    let examined = try session()
    try examined.load(TrainingStep.Options(examines: true))
    try examined.setImages(images)
    #expect(try plain.run() == examined.run())
    for place in examined.nextStep.places { #expect(try examined.scalar(place.name) != nil) }
  }

  @Test func moreProcessesThanShardsAreRefused() async {
    let path = folder.path("few")
    let problems = await Together.run(3) { process -> String in
      do {
        try Self.run("batch: 12, shards: 2", in: path, collective: process).follow()
        return ""
      } catch {
        return "\(error)"
      }
    }
    #expect(
      problems
        == [String](
          repeating:
            "3 processes or devices, but a batch has 2 shards: set `train: {shards: 3}` (or "
            + "`--set train.shards=3`), or start fewer", count: 3))
  }

  /// What the message says can be followed: shards divide the batch, or there are none.
  @Test(arguments: [(5, "6"), (7, "12"), (12, "12"), (13, nil)])
  func theAdviceOnShardsFitsTheBatch(_ processes: Int, _ shards: String?) {
    let text = "\(TrainingProblem.fewShards(shards: 1, batch: 12, processes: processes))"
    #expect(
      text == "\(processes) processes or devices, but a batch has 1 shard: "
        + (shards.map { "set `train: {shards: \($0)}` (or `--set train.shards=\($0)`), or " }
          ?? "a batch of 12 cannot be cut into more than 12; ") + "start fewer")
  }

  /// What a step of two shards does, by hand: each shard's part on the same state, the means, the
  /// update.
  @Test func aStepIsTheMeanOfItsShards() throws {
    let session = try Fixture.session(
      Fixture.small.replacingOccurrences(of: "batch: 6", with: "batch: 6, shards: 2"), threads: 1)
    try session.initialize()
    let images = (0..<6 * 14 * 14).map { Float($0 % 23) / 23 }
    try session.setImages(images)
    let state = try session.device.makeState()
    let step = TrainingStep(.both, of: session.spec, graph: session.graph, batch: 3)
    let parts = try state.load(step.parts.map(\.program))
    for tensor in session.tensors {
      try state.write(session.state.read(tensor.name), to: tensor.name)
    }
    for role in [NetworkRole.discriminator, .generator] {
      for (name, value) in session.spec.train.optimizer(of: role).scalarInputs(of: role, step: 1) {
        try state.write([Float(value)], to: name)
      }
    }
    var losses: [Float] = []
    for part in parts {
      let inputs = Set(part.program.inputs.map(\.name))
      guard part.program.outputs.contains(where: { $0.name.hasPrefix("loss.") }) else {
        try part.run(key: RandomKey(seed: 0, step: 0))
        continue
      }
      let moved = part.program.outputs.map(\.name).filter(inputs.contains)
      let before = try moved.map { try state.read($0) }
      var given: [[String: [Float]]] = []
      for shard in 0..<2 {
        for (name, numbers) in zip(moved, before) { try state.write(numbers, to: name) }
        try state.write(Array(images[shard * 588..<shard * 588 + 588]), to: TensorName.real)
        try part.run(key: RandomKey(seed: 0, step: UInt64(shard) << 48))
        given.append(
          try Dictionary(
            uniqueKeysWithValues: part.program.outputs.map { ($0.name, try part.output($0.name)) }))
      }
      for (name, numbers) in given[0] {
        let other = try #require(given[1][name])
        let means = zip(numbers, other).map { ($0 + $1) * 0.5 }
        if name.hasPrefix("loss.") { losses.append(means[0]) }
        if state.contains(name) { try state.write(means, to: name) }
      }
    }
    let metrics = try session.run()
    #expect(metrics.discriminatorLoss == losses[0] && metrics.generatorLoss == losses[1])
    for tensor in session.tensors {
      #expect(try session.state.read(tensor.name) == state.read(tensor.name), "\(tensor.name)")
    }
  }
}
