import Files
import Diagnostics
import Device
import Foundation
import LayerGraph
import Program
import Reports

/// What `bench` prints: a few figures, and a table for each question asked.
extension Benchmark.Result {
  func text(of benchmark: Benchmark) -> String {
    var lines = figures(of: benchmark)
    if let limits {
      lines += [""] + profileLines(limits, of: benchmark.device)
    } else if !profile.isEmpty {
      lines += [""] + layerLines
    }
    if let accuracy { lines += [""] + Self.lines(of: accuracy) }
    return lines.joined(separator: "\n")
  }

  private func figures(of benchmark: Benchmark) -> [String] {
    [
      "\(benchmark.spec.name), \(benchmark.mode.rawValue), batch \(benchmark.spec.train.batch), "
        + "\(benchmark.device.name) (\(benchmark.device.settings))",
      "  images per second   \(imagesPerSecond.text(1))",
      "  step                \(median.milliseconds) ms median, \(fastest.milliseconds) to "
        + "\(slowest.milliseconds) ms",
      "  first step done     \(firstStepDoneAfter.text(2)) s after the start of the process",
      "  peak memory         \(Int(peakMemory.rounded()).grouped) MiB "
        + "(planned: \((plannedBytes >> 20).grouped) MiB)",
    ]
  }

  /// What takes less of the whole is left out of tables.
  private static let leastShare = 0.005

  private var layerLines: [String] {
    let layers = layers
    let total = layers.reduce(0) { $0 + $1.seconds }
    var table = TextTable([.left, .left, .right, .right, .right])
    table.add(["layer", "part", "time", "share", "GFLOP/s"])
    for layer in layers where layer.seconds > total * Self.leastShare {
      table.add([
        layer.path.isEmpty ? "(other)" : layer.path, layer.part.rawValue,
        "\(layer.seconds.milliseconds) ms", "\((100 * layer.seconds / total).text(0)) %",
        layer.flops > 0 ? (Double(layer.flops) / max(layer.seconds, 1e-12) / 1e9).text(0) : "",
      ])
    }
    return table.lines(widths: table.widths).map { "  " + $0 }
  }

  // MARK: Profile

  /// The longest steps first, next to the limits.
  private func profileLines(_ limits: DeviceLimits, of device: any Device) -> [String] {
    let total = profile.reduce(0) { $0 + $1.seconds }
    var table = TextTable([.left, .left, .left] + Array(repeating: .right, count: 6))
    table.add(["pass", "layer", "part", "ms", "share", "GFLOP/s", "made", "GB/s", "limit"])
    var rest = (steps: 0, seconds: 0.0)
    for timing in profile.sorted(by: { $0.seconds > $1.seconds }) {
      guard timing.seconds > total * Self.leastShare else {
        rest = (rest.steps + 1, rest.seconds + timing.seconds)
        continue
      }
      table.add(timing.cells(total: total, limits))
    }
    table.add([
      "\(rest.steps) more", "", "", rest.seconds.milliseconds,
      "\((100 * rest.seconds / total).text(0)) %", "", "", "", "",
    ])
    return [
      "limits of \(device.settings): "
        + "\((limits.flopsPerSecond / 1e9).text(0)) GFLOP/s of multiply-adds in registers, "
        + "\((limits.bytesPerSecond / 1e9).text(0)) GB/s read from memory",
      "GFLOP/s: of the formula as written. made: of the products that are made, which Winograd's "
        + "F2 and F4",
      "save. limit: the least time by made or GB/s (m), whichever is longer, as a share of the "
        + "time;",
      "above 100 % where arrays lie in caches.", "",
    ] + table.lines(widths: table.widths).map { "  " + $0 }
  }

  // MARK: Accuracy

  private static func lines(of rows: [Accuracy.Row]) -> [String] {
    let algorithms = Set(rows.flatMap(\.errors.keys)).sorted()
    var table = TextTable(
      [.left, .left, .left, .left] + Array(repeating: .right, count: 1 + algorithms.count))
    table.add(["layer", "part", "operation", "plan", "error"] + algorithms)
    for row in rows {
      table.add(
        [
          Origin(path: row.path).shortPath, row.part.rawValue, row.op,
          row.algorithm ?? "product",
          scientific(row.error),
        ]
          + algorithms.map { row.errors[$0].map(scientific) ?? "–" })
    }
    return [
      "relative error (L2) against double precision, of random numbers; convolutions of "
        + "\(Accuracy.images) images", "",
    ] + table.lines(widths: table.widths).map { "  " + $0 }
  }

  private static func scientific(_ number: Double) -> String { String(format: "%.1e", number) }
}

extension Origin {
  /// `D conv2.norm`: short enough for a table of many columns.
  fileprivate var shortPath: String {
    if path.isEmpty { return "(other)" }
    return path.replacingOccurrences(of: "generator.", with: "G ")
      .replacingOccurrences(of: "discriminator.", with: "D ")
  }
}

extension Benchmark.TimedPass {
  /// `convolve F4`: short enough for a table.
  private var name: String {
    let op = pass.op.replacingOccurrences(of: "convolution_", with: "")
    guard let algorithm = pass.algorithm, algorithm.hasPrefix("winograd") else { return op }
    return op + " F" + algorithm.dropFirst("winograd".count)
  }

  fileprivate func cells(total: Double, _ limits: DeviceLimits) -> [String] {
    let rate = 1 / max(seconds, 1e-12) / 1e9
    let share = limits.leastSeconds(flops: pass.computedFlops, bytes: pass.bytes) / seconds
    let byMemory =
      limits.leastSeconds(flops: pass.computedFlops, bytes: 0)
      < limits.leastSeconds(flops: 0, bytes: pass.bytes)
    return [
      name, pass.origin.shortPath, pass.origin.part.rawValue,
      seconds.milliseconds, "\((100 * seconds / total).text(0)) %",
      pass.flops > 0 ? (Double(pass.flops) * rate).text(0) : "",
      pass.flops > 0 ? (Double(pass.computedFlops) * rate).text(0) : "",
      (Double(pass.bytes) * rate).text(0),
      "\((100 * share).text(0)) %\(byMemory ? " m" : "  ")",
    ]
  }
}

extension Double {
  fileprivate func text(_ digits: Int) -> String { String(format: "%.\(digits)f", self) }

  /// Seconds as milliseconds.
  fileprivate var milliseconds: String { (self * 1000).text(1) }
}
