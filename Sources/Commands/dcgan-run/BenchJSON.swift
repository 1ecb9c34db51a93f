import Foundation
import Program
import CPU
import Reports

/// The line that `bench --json` prints.
extension Benchmark.Result {
  func json(of benchmark: Benchmark) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return String(decoding: try encoder.encode(Report(self, benchmark)), as: UTF8.self)
  }
}

/// The names of its properties are the keys.
private struct Report: Encodable {
  let model: String
  let batch: Int
  let device: String
  /// Only of the CPU.
  let threads: Int?
  let mode: String
  let algorithm: String?
  let isa: String?
  let steps: Int
  let warmup: Int
  let images_per_second: Double
  let step_seconds: Seconds
  let peak_rss_mib: Int
  let planned_mib: Int
  let first_step_done_after_seconds: Double
  let layers: [Layer]
  /// Only with --profile.
  let limits: Limits?
  let profile: [Step]?
  /// Only with --accuracy.
  let accuracy: [Error]?

  struct Seconds: Encodable {
    let min: Double
    let median: Double
    let max: Double
  }

  struct Layer: Encodable {
    let path: String
    let part: String
    let seconds: Double
    let flops: Int
  }

  struct Limits: Encodable {
    let flops_per_second: Double
    let bytes_per_second: Double
  }

  /// A pass of the device, in their order.
  struct Step: Encodable {
    let op: String
    let path: String
    let part: String
    let algorithm: String?
    let seconds: Double
    let flops: Int
    let computed_flops: Int
    let bytes: Int
  }

  struct Error: Encodable {
    let path: String
    let part: String
    let op: String
    let algorithm: String?
    let error: Double
    let errors: [String: Double]
  }

  init(_ result: Benchmark.Result, _ benchmark: Benchmark) {
    let cpu = benchmark.device as? CPUDevice
    model = benchmark.spec.name
    batch = benchmark.spec.train.batch
    device = benchmark.device.name
    threads = cpu?.threads
    mode = benchmark.mode.rawValue
    algorithm = cpu?.kernels.algorithm.rawValue
    isa = cpu?.kernels.isa.rawValue
    steps = benchmark.steps
    warmup = benchmark.warmup
    images_per_second = result.imagesPerSecond.rounded(to: 2)
    step_seconds = Seconds(
      min: result.fastest.rounded(to: 5), median: result.median.rounded(to: 5),
      max: result.slowest.rounded(to: 5))
    peak_rss_mib = Int(result.peakMemory.rounded())
    planned_mib = result.plannedBytes >> 20
    first_step_done_after_seconds = result.firstStepDoneAfter.rounded(to: 2)
    layers = result.layers.map {
      Layer(
        path: $0.path, part: $0.part.rawValue, seconds: $0.seconds.rounded(to: 6),
        flops: $0.flops)
    }
    limits = result.limits.map {
      Limits(
        flops_per_second: $0.flopsPerSecond.rounded(), bytes_per_second: $0.bytesPerSecond.rounded()
      )
    }
    profile = result.limits.map { _ in
      result.profile.map {
        Step(
          op: $0.pass.op, path: $0.pass.origin.path, part: $0.pass.origin.part.rawValue,
          algorithm: $0.pass.algorithm, seconds: $0.seconds.rounded(to: 9),
          flops: $0.pass.flops, computed_flops: $0.pass.computedFlops, bytes: $0.pass.bytes)
      }
    }
    accuracy = result.accuracy?.map { row in
      Error(
        path: row.path, part: row.part.rawValue, op: row.op,
        algorithm: row.algorithm, error: row.error, errors: row.errors)
    }
  }
}

extension Double {
  fileprivate func rounded(to digits: Int) -> Double {
    let factor = (0..<digits).reduce(1.0) { product, _ in product * 10 }
    return (self * factor).rounded() / factor
  }
}
