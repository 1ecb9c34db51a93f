import ArgumentParser
import Diagnostics
import Foundation
import Terminal
import Training

/// The command `dcgan-run SPEC bench`.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure images per second, the time of each layer, and memory.",
    discussion: "The images are random numbers; loading data is not measured.")

  @Argument(
    help: "A spec file, or the name of a shipped spec.", completion: .file(extensions: ["yaml"]))
  var spec: String

  @OptionGroup var arguments: SpecArguments

  @Option(help: "What to measure: whole training steps, or the generator alone.")
  var mode = Benchmark.Mode.train

  @Option(help: "Steps that are timed; the median counts.")
  var steps = 5

  @Option(help: "Steps before that.")
  var warmup = 1

  @Flag(help: "One line of JSON.")
  var json = false

  func validate() throws {
    if !(1...1_000_000).contains(steps) {
      throw ValidationError("--steps \(steps): expected a number from 1 to 1000000")
    }
    if !(0...1_000_000).contains(warmup) {
      throw ValidationError("--warmup \(warmup): expected a number from 0 to 1000000")
    }
  }

  func run() throws {
    let (spec, graph) = try arguments.compile(spec)
    let benchmark = Benchmark(
      spec: spec, graph: graph, mode: mode, threads: arguments.threads,
      algorithm: arguments.algorithm, steps: steps, warmup: warmup)
    let result = try benchmark.run()
    print(json ? try Self.json(result, benchmark) : Self.text(result, benchmark))
  }

  private static func text(_ result: Benchmark.Result, _ benchmark: Benchmark) -> String {
    func milliseconds(_ seconds: Double) -> String { String(format: "%.1f ms", seconds * 1000) }
    var lines = [
      "\(benchmark.spec.name), \(benchmark.mode.rawValue), batch \(benchmark.spec.train.batch), "
        + "\(benchmark.threads) thread\(benchmark.threads == 1 ? "" : "s")",
      "  images per second   \(String(format: "%.1f", result.imagesPerSecond))",
      "  step                \(milliseconds(result.median)) median, "
        + "\(milliseconds(result.fastest)) to \(milliseconds(result.slowest))",
      "  first step done     \(String(format: "%.2f s", result.firstStepDoneAfter)) "
        + "after the start of the process",
      "  peak memory         \(Int(result.peakMemory.rounded()).grouped) MiB "
        + "(planned: \((result.plannedBytes >> 20).grouped) MiB)",
      "",
      row("layer", "phase", "time", "share", "GFLOP/s"),
    ]
    let total = result.layers.reduce(0) { $0 + $1.seconds }
    for layer in result.layers where layer.seconds > total / 200 {
      let rate = Double(layer.flops) / max(layer.seconds, 1e-12) / 1e9
      lines.append(
        row(
          layer.path.isEmpty ? "(other)" : layer.path, layer.phase.rawValue,
          milliseconds(layer.seconds), String(format: "%.0f %%", 100 * layer.seconds / total),
          layer.flops > 0 ? String(format: "%.0f", rate) : ""))
    }
    return lines.joined(separator: "\n")
  }

  private static func row(
    _ path: String, _ phase: String, _ time: String, _ share: String, _ rate: String
  ) -> String {
    func right(_ text: String, _ width: Int) -> String {
      String(repeating: " ", count: max(width - text.count, 0)) + text
    }
    func left(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(width - text.count, 0))
    }
    return "  " + left(path, 40) + left(phase, 9) + right(time, 11) + right(share, 8)
      + right(rate, 9)
  }

  private static func json(_ result: Benchmark.Result, _ benchmark: Benchmark) throws -> String {
    let report = Report(
      model: benchmark.spec.name, batch: benchmark.spec.train.batch, threads: benchmark.threads,
      mode: benchmark.mode.rawValue, steps: benchmark.steps, warmup: benchmark.warmup,
      images_per_second: result.imagesPerSecond.rounded(to: 2),
      step_seconds: Report.Seconds(
        min: result.fastest.rounded(to: 5), median: result.median.rounded(to: 5),
        max: result.slowest.rounded(to: 5)),
      peak_rss_mib: Int(result.peakMemory.rounded()),
      planned_mib: result.plannedBytes >> 20,
      first_step_done_after_seconds: result.firstStepDoneAfter.rounded(to: 2),
      layers: result.layers.map {
        Report.Layer(
          path: $0.path, phase: $0.phase.rawValue, seconds: $0.seconds.rounded(to: 6),
          flops: $0.flops)
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }

  /// The keys of the JSON form.
  private struct Report: Encodable {
    let model: String
    let batch: Int
    let threads: Int
    let mode: String
    let steps: Int
    let warmup: Int
    let images_per_second: Double
    let step_seconds: Seconds
    let peak_rss_mib: Int
    let planned_mib: Int
    let first_step_done_after_seconds: Double
    let layers: [Layer]

    struct Seconds: Encodable {
      let min: Double
      let median: Double
      let max: Double
    }

    struct Layer: Encodable {
      let path: String
      let phase: String
      let seconds: Double
      let flops: Int
    }
  }
}

extension Benchmark.Mode: ExpressibleByArgument {}

extension Double {
  fileprivate func rounded(to digits: Int) -> Double {
    let factor = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    return (self * factor).rounded() / factor
  }
}
