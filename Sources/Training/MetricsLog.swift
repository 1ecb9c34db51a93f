import Files
import Foundation
import Model

/// `metrics.jsonl`: one JSON object a step.
///
/// A class because it owns an open file. Lines reach the file at each `flush`.
final class MetricsLog {
  private let path: String
  private let file: FileHandle
  private var pending = ""

  /// Opens the log of a run that has come to `step`; lines of later steps, which a training that
  /// broke off has left, are dropped.
  init(path: String, step: Int) throws(TrainingProblem) {
    let kept = Self.lines(of: path).filter { Self.step(of: $0).map { $0 <= step } ?? false }
    do throws(FileProblem) {
      try AtomicFile.write(kept.map { $0 + "\n" }.joined(), to: path)
    } catch {
      throw .file(error)
    }
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw .file(.cannotWrite(path: path, reason: String(cString: strerror(errno))))
    }
    file.seekToEndOfFile()
    self.path = path
    self.file = file
  }

  func append(
    _ metrics: TrainingSession.Metrics, step: Int, epoch: Int, images: Int, seconds: Double
  ) {
    var fields: [(key: String, value: JSONText)] = [
      ("step", .integer(step)), ("epoch", .integer(epoch)), ("images", .integer(images)),
    ]
    func add(_ name: String, _ value: Float?) {
      if let value { fields.append((name, .real(value))) }
    }
    add("loss_discriminator", metrics.discriminatorLoss)
    add("loss_generator", metrics.generatorLoss)
    add(TensorName.meanOnReal, metrics.meanOnReal)
    add(TensorName.meanOnFake, metrics.meanOnFake)
    fields.append(("seconds", .number(String(format: "%.3f", seconds))))
    pending += JSONText.object(fields).compact + "\n"
  }

  func flush() throws(TrainingProblem) {
    do {
      try file.write(contentsOf: Data(pending.utf8))
      pending = ""
    } catch {
      throw .file(.cannotWrite(path: path, reason: String(cString: strerror(errno))))
    }
  }

  private static func lines(of path: String) -> [String] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static func step(of line: String) -> Int? {
    let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return object?["step"] as? Int
  }
}
