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

  static func append(_ finding: HealthFinding, to path: String) throws(TrainingProblem) {
    let line = JSONText.object([
      ("step", .integer(finding.step)), ("code", .string(finding.code.rawValue)),
      ("message", .string(finding.diagnostic.message)),
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
    guard try looking({ () throws(FileProblem) in try Folder.kind(of: path) }) != nil else {
      return []
    }
    let bytes = try looking { () throws(FileProblem) in
      let file = try OpenFile(path: path)
      return try file.bytes(at: 0, count: file.length)
    }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      guard
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let step = object["step"] as? Int, let code = object["code"] as? String,
        let message = object["message"] as? String
      else { return nil }
      return Entry(step: step, code: code, message: message)
    }
  }
}
