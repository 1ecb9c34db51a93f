import CPU
import Compiler
import Datasets
import Diagnostics
import Foundation
import Spec
import TestSupport
import Testing

@testable import Training

/// Trainings that were made to fail, each named rightly, and one that goes well.
@Suite struct HealthRunTests {
  private let folder = try! TemporaryFolder()

  private static func text(
    range: String = "[-1, 1]", latent: Int = 32, generator: Int = 16, discriminator: Int = 16,
    rate: String = "0.0005", extra: String = ""
  ) -> String {
    """
    dcgan: 1
    name: health
    image: {size: 28, channels: 1, range: \(range)}
    latent: {size: \(latent), distribution: uniform}
    generator:
      defaults: {kernel: 5, stride: 2, padding: same, norm: batch, activation: relu}
      layers:
        - project: {to: [\(generator), 7, 7]}
        - conv_transpose: {filters: \(generator)}
        - conv_transpose: {filters: 1, norm: none, activation: tanh}
    discriminator:
      defaults: {kernel: 5, stride: 2, padding: same, norm: batch, activation: {leaky_relu: 0.2}}
      layers:
        - conv: {filters: \(discriminator), norm: none}
        - conv: {filters: \(2 * discriminator)}
        - linear: {units: 1, norm: none, activation: sigmoid}
    train: {batch: 16, epochs: 1, optimizer: {adam: {learning_rate: \(rate), beta1: 0.5}}}
    data: {source: digits}
    \(extra)
    """
  }

  /// The events of a training of so many steps.
  private func train(
    _ text: String, steps: Int, onTrouble: String = "warn", name: String = "run",
    stopAt: [Int] = []
  ) throws -> (events: [TrainingRun.Event], ending: TrainingRun.Ending) {
    let text = text.replacing("epochs: 1,", with: "epochs: 1, on_trouble: \(onTrouble),")
    let compilation = Compilation(SourceFile(path: "health.yaml", text: text))
    let spec = try #require(compilation.spec)
    var options = TrainingRun.Options(
      folder: folder.path(name), device: CPUDevice(threads: 1))
    options.limit = steps * 16
    let run = TrainingRun(spec: spec, graph: try #require(compilation.graph), options: options)
    var events: [TrainingRun.Event] = []
    var step = 0
    let ending = try run.run(
      shouldStop: { stopAt.contains(step) },
      report: { event in
        if case .step(let progress) = event {
          step = progress.position.step
        } else {
          events.append(event)
        }
      })
    return (events, ending)
  }

  private func codes(_ events: [TrainingRun.Event]) -> [String] {
    events.compactMap { if case .finding(let finding) = $0 { finding.code.rawValue } else { nil } }
  }

  @Test func silentWhereTrainingGoesWell() throws {
    let (events, ending) = try train(Self.text(), steps: 600)
    #expect(codes(events) == [])
    #expect(ending == .finished)
    #expect(!FileManager.default.fileExists(atPath: folder.path("run/health.jsonl")))
  }

  /// Its sheets have ten images of each class, a look has not; labels that no layer joins are no
  /// reason to fail.
  @Test(arguments: ["", "- concatenate_labels:"])
  func silentOnAConditionalNetwork(_ layer: String) throws {
    let text = Self.text(extra: "condition: {classes: 10}")
      .replacing("    - project", with: "    \(layer)\n    - project")
    let (events, ending) = try train(text, steps: 100)
    #expect(codes(events) == [])
    #expect(ending == .finished)
  }

  @Test func rateTooHigh() throws {
    #expect(codes(try train(Self.text(rate: "0.1"), steps: 200).events).contains("R715"))
  }

  @Test func discriminatorTooStrong() throws {
    let text = Self.text(generator: 1, discriminator: 48)
    #expect(codes(try train(text, steps: 800).events).first == "R711")
  }

  /// A latent vector of one number: the images are points of a line.
  @Test func collapsed() throws {
    #expect(codes(try train(Self.text(latent: 1), steps: 500).events) == ["R712"])
  }

  @Test func saturated() throws {
    let text = Self.text(extra: "init: {norm_scale: {normal: [1000, 1]}}")
    let found = codes(try train(text, steps: 500).events)
    #expect(found.first == "R702")
    #expect(found.contains("R713"))
  }

  @Test func wrongRange() throws {
    let (events, _) = try train(Self.text(range: "[0, 255]"), steps: 5)
    let message = events.compactMap { event -> String? in
      if case .finding(let finding) = event { finding.diagnostic.message } else { nil }
    }.first
    #expect(
      message == "the pictures have values from 0 to 255, and `tanh` makes values from -1 to 1")
  }

  /// A learning rate at which the first steps leave the numbers.
  private static let exploding = text(rate: "0.0005")
    .replacing("{adam: {learning_rate: 0.0005, beta1: 0.5}}", with: "{sgd: {learning_rate: 1000}}")
    .replacing("norm: batch", with: "norm: none")

  /// The layer, its line, and what was kept; also of a batch in shards.
  @Test(arguments: ["batch:", "shards: 2, batch:"]) func notFinite(_ batch: String) throws {
    let (events, ending) = try train(Self.exploding.replacing("batch:", with: batch), steps: 20)
    #expect(ending == .stopped)
    let findings = events.compactMap { event -> HealthFinding? in
      if case .finding(let finding) = event, finding.code == .notFinite { finding } else { nil }
    }
    let finding = try #require(findings.first)
    #expect(findings.count == 1)
    let text = finding.diagnostic.message
    #expect(text.hasPrefix("step ") && text.hasSuffix(" is not a finite number"))
    #expect(text.contains("`generator.") || text.contains("`discriminator."), "\(text)")
    #expect(finding.diagnostic.primary.span.start.line > 5)
    #expect(
      finding.diagnostic.help == [
        "lower the learning rate: it is 1000, the paper's is 0.0002"
      ])
  }

  /// Before there is a checkpoint, back is the start, with all tensors as they were.
  @Test func notFiniteGoesBackToTheStart() throws {
    let (events, ending) = try train(Self.exploding, steps: 20, onTrouble: "rewind")
    var rates: [Double] = []
    for case .rewound(_, let step, let rate) in events {
      #expect(step == 0)
      rates.append(rate)
    }
    #expect(rates == [0.5, 0.25, 0.125])
    #expect(ending == .stopped)
  }

  @Test func stopsWhereTheSpecSaysSo() throws {
    let (events, ending) = try train(Self.text(rate: "0.1"), steps: 300, onTrouble: "stop")
    #expect(ending == .stopped)
    #expect(codes(events) == ["R715"])
    #expect(
      try RunFolder(path: folder.path("run")).findCheckpoints().paths
        == [folder.path("run/checkpoints/step-100.safetensors")])
    let log = try HealthLog.read(folder.path("run/health.jsonl"))
    #expect(log.map(\.code) == ["R715"] && log.map(\.step) == [100])
    // To start it again is to go on in spite of it.
    let again = try train(Self.text(rate: "0.1"), steps: 150, onTrouble: "stop")
    #expect(codes(again.events) == [])
    #expect(again.ending == .finished)
    #expect(try HealthLog.read(folder.path("run/health.jsonl")) == log)
  }

  /// Three times, each with half the rates; what was made before is kept aside.
  @Test func goesBackAndHalvesTheRates() throws {
    let (events, ending) = try train(Self.text(rate: "8"), steps: 200, onTrouble: "rewind")
    var rates: [Double] = []
    for case .rewound(_, let step, let rate) in events {
      #expect(step == 0)
      rates.append(rate)
    }
    #expect(ending == .stopped)
    #expect(rates == [0.5, 0.25, 0.125])
    let newest = try #require(RunFolder(path: folder.path("run")).findCheckpoints().paths.first)
    #expect(try Checkpoint(contentsOf: newest).position.rewinds == 3)
    for number in 1...3 {
      let lines = try MetricsLog.read(folder.path("run/before-rewind-\(number)/metrics.jsonl"))
      #expect(lines.last?.step == 100)
    }
  }

  /// With half the rates, and half again, this one gets on; and to be interrupted changes nothing.
  @Test func goesBackTheSameHoweverOftenItIsInterrupted() throws {
    let text = Self.text(rate: "0.1")
    let whole = try train(text, steps: 200, onTrouble: "rewind")
    #expect(whole.ending == .finished)
    var endings: [TrainingRun.Ending] = []
    for stop in [40, 90, 60, 30, 150, 0] {
      endings.append(
        try train(text, steps: 200, onTrouble: "rewind", name: "again", stopAt: [stop]).ending)
      if endings.last == .finished { break }
    }
    #expect(endings.last == .finished && endings.contains(.interrupted))
    func bytes(_ name: String) -> Data? {
      FileManager.default.contents(
        atPath: folder.path("\(name)/checkpoints/step-200.safetensors"))
    }
    #expect(bytes("run") != nil && bytes("run") == bytes("again"))
  }
}
