import CPU
import Compiler
import Diagnostics
import Files
import Foundation
import Interchange
import TestSupport
import Testing

@testable import Training

/// Checkpoints that are kept, and runs that branch off from them.
@Suite struct BranchTests {
  private let folder = try! TemporaryFolder()

  private static let text =
    Fixture.small.replacing("size: 14", with: "size: 28").replacing(
      "[2, 7, 7]", with: "[2, 14, 14]"
    )
    .replacing("{batch: 6}", with: "{batch: 6, epochs: 4}") + "\ndata: {source: digits}"

  /// Trains five steps an epoch in `name`; returns what was noted.
  @discardableResult
  private func train(
    _ name: String, _ text: String = Self.text,
    change: (inout TrainingRun.Options) -> Void = { _ in }
  ) throws -> [String] {
    let compilation = Compilation(SourceFile(path: "branch.yaml", text: text))
    var options = TrainingRun.Options(folder: folder.path(name), device: CPUDevice(threads: 1))
    options.limit = 30
    change(&options)
    let run = TrainingRun(
      spec: try #require(compilation.spec), graph: try #require(compilation.graph),
      options: options)
    var notes: [String] = []
    let ending = try run.run(
      shouldStop: { false },
      report: { if case .note(let text) = $0 { notes.append(text) } })
    #expect(ending == .finished)
    return notes
  }

  private func branch(
    _ name: String, from run: String, at point: String, _ text: String = Self.text
  ) throws -> [String] {
    try train(name, text) {
      $0.branch = RunBranch(
        run: RunFolder(path: folder.path(run)), point: RunBranch.Point(point)!)
    }
  }

  private func checkpoints(_ name: String) throws -> [String] {
    try #require(try Folder.names(in: folder.path("\(name)/checkpoints"))).sorted()
  }

  private func bytes(_ path: String) -> Data? {
    FileManager.default.contents(atPath: folder.path(path))
  }

  private func lines(_ run: String) throws -> [MetricsLine] {
    try MetricsLog.read(folder.path("\(run)/metrics.jsonl"))
  }

  @Test func keepsTheNewestEachSecondAndTheBest() throws {
    try train("run") {
      $0.kept.newest = 1
      $0.kept.everyEpochs = 2
      $0.kept.best = .discriminatorLoss
    }
    let best = try #require(try BestCheckpoint.read(folder.path("run/best.json")))
    let means = Dictionary(grouping: try lines("run"), by: \.epoch).mapValues { lines in
      lines.compactMap(\.metrics.discriminatorLoss).reduce(0, +) / Float(lines.count)
    }
    #expect(best.epoch == means.min { $0.value < $1.value }?.key)
    #expect(best.step == 5 * best.epoch)
    #expect(
      Set(try checkpoints("run"))
        == Set([10, 20, best.step].map { "step-\($0).safetensors" }))
  }

  /// Going on with the same settings is what the run itself did, to the last byte.
  @Test func aBranchWithoutChangesIsTheRunItself() throws {
    try train("run") { $0.kept.newest = 9 }
    for point in ["epoch-2", "step-10"] {
      #expect(try branch(point, from: "run", at: point) == [])
      #expect(
        bytes("\(point)/checkpoints/step-20.safetensors")
          == bytes("run/checkpoints/step-20.safetensors"))
      #expect(try lines(point).map(\.metrics) == lines("run").map(\.metrics))
      #expect(bytes("\(point)/samples/epoch-1.png") == bytes("run/samples/epoch-1.png"))
    }
  }

  @Test func aBranchTakesOtherSettings() throws {
    try train("run") { $0.kept.newest = 9 }
    let before = bytes("run/metrics.jsonl")
    let text = Self.text.replacing(
      "epochs: 4", with: "epochs: 4, optimizer: {adam: {learning_rate: 0.001}}")
    #expect(try branch("slow", from: "run", at: "epoch-2", text) == [])
    #expect(bytes("run/metrics.jsonl") == before)
    let (old, new) = (try lines("run"), try lines("slow"))
    #expect(old.prefix(10).map(\.metrics) == new.prefix(10).map(\.metrics))
    #expect(old.last?.metrics != new.last?.metrics)
    #expect(
      bytes("slow/origin.json").map { String(decoding: $0, as: UTF8.self) }
        == #"{"branch_of":"\#(folder.path("run"))/checkpoints/step-10.safetensors","step":10,"#
        + #""changes":["~ train.optimizer.learning_rate  0.0002 → 0.001"]}"# + "\n")
    // It is a run of its own, which continues as such.
    try train("slow", text.replacing("epochs: 4", with: "epochs: 5"))
    #expect(try lines("slow").last?.step == 25)
  }

  /// All that a spec can say of learning is part of the state: two ways to the same bytes.
  @Test func everySettingOfTrainingContinuesExactly() throws {
    let text = Self.text.replacing(
      "epochs: 4",
      with: """
        epochs: 4, accumulate: 2, warm_up: 7, decay: {cosine: {from: 1, until: 3}}, \
        generator: {average: 0.9, clip: 1}, \
        discriminator: {steps: 2, optimizer: rmsprop, clip_weights: 0.1}
        """)
    try train("run", text) { $0.kept.newest = 9 }
    #expect(try branch("again", from: "run", at: "epoch-2", text) == [])
    #expect(
      bytes("again/checkpoints/step-20.safetensors")
        == bytes("run/checkpoints/step-20.safetensors"))
    #expect(bytes("again/samples/epoch-4.png") == bytes("run/samples/epoch-4.png"))
  }

  /// A branch, or a new run with the weights, may begin to keep averages: they start as the weights.
  @Test func averagesMayBeginLater() throws {
    try train("run")
    let text = Self.text.replacing("epochs: 4", with: "epochs: 4, generator: {average: 0.5}")
    #expect(try branch("averaged", from: "run", at: "epoch-4", text) == [])
    try train("new", text) {
      $0.initialWeights = folder.path("run")
      $0.limit = 6
    }
    let path = folder.path("averaged/checkpoints/step-20.safetensors")
    let file = try SafetensorsFile(contentsOf: path)
    let name = "generator.project1.weight"
    #expect(
      try file.tensor(named: "average." + name).floats() == file.tensor(named: name).floats())
  }

  @Test func anotherOptimiserStartsAnew() throws {
    try train("run")
    let text = Self.text.replacing("epochs: 4", with: "epochs: 5, optimizer: rmsprop")
    #expect(
      try branch("other", from: "run", at: "epoch-4", text) == [
        "the optimisers start anew: they keep other numbers now"
      ])
  }

  private func problem(_ body: () throws -> Void) throws -> String {
    "\(try #require(#expect(throws: TrainingProblem.self, performing: body)))"
  }

  @Test func whatCannotBeIsRefused() throws {
    try train("run")
    let run = folder.path("run")
    #expect(
      try problem { _ = try branch("a", from: "run", at: "epoch-1") }
        == "\(run): no checkpoint `epoch-1` in this run; it has epoch-4, epoch-3, epoch-2 (`train "
        + "--keep-every` keeps more)")
    #expect(
      try problem { _ = try branch("run", from: "run", at: "epoch-4") }
        == "\(run): this folder exists already; name another one with --branch, or continue the run in "
        + "it with `train --out \(run)`")
    let wide = Self.text.replacing("filters: 4", with: "filters: 5")
    #expect(
      try problem { _ = try branch("b", from: "run", at: "epoch-4", wide) }
        == "\(run)/checkpoints/step-20.safetensors: a branch has the layers of its run: the spec has a "
        + "tensor `discriminator.conv1.weight` of [5, 1, 5, 5], the checkpoint has one of [4, 1, 5, 5]; "
        + "to take over the weights that fit, start a new run with --init-from")
    #expect(!FileManager.default.fileExists(atPath: folder.path("b")))
  }

  @Test(arguments: ["", "epoch", "epoch-0", "epoch--1", "step-x", "best-1", "19"])
  func noPoint(_ text: String) { #expect(RunBranch.Point(text) == nil) }
}
