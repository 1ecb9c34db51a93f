import Files
import Foundation

/// `health.jsonl`: one JSON object for each finding of a run's health checks.
package enum HealthLog {
  /// A finding as the file has it.
  package struct Entry: Hashable, Sendable {
    package let step: Int
    package let code: String
    package let message: String
  }

  /// Adds a finding, once: a training that repeats steps after an interruption finds it again.
  static func append(_ finding: HealthFinding, to path: String) throws(TrainingProblem) {
    let entry = Entry(
      step: finding.step, code: finding.code.rawValue, message: finding.diagnostic.message)
    guard try !read(path).contains(entry) else { return }
    let line = JSONText.object([
      ("step", .integer(entry.step)), ("code", .string(entry.code)),
      ("message", .string(entry.message)),
    ]).compact
    let descriptor = System.retrying {
      open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o666)
    }
    guard descriptor >= 0 else {
      throw .file(.cannotWrite(path: path, reason: System.reason()))
    }
    let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    do { try file.write(contentsOf: Data("\(line)\n".utf8)) } catch {
      throw .file(.cannotWrite(path: path, reason: System.reason()))
    }
  }

  /// The findings that the file at `path` has; a file that is not there has none.
  package static func read(_ path: String) throws(TrainingProblem) -> [Entry] {
    guard let bytes = try wholeFile(path) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      // A line that a kill has cut; the finding is made and written again.
      guard
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let step = object["step"] as? Int, let code = object["code"] as? String,
        let message = object["message"] as? String
      else { return nil }
      return Entry(step: step, code: code, message: message)
    }
  }
}
