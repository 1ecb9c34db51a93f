import Files
import Foundation

/// `origin.json`: what a run began with, where that is more than its spec and its seed.
package enum RunOrigin: Hashable, Sendable {
  /// Weights of another training.
  case weights(of: String)
  /// The state of another run after `step`; `changes` are what differs since, a line each.
  case branch(of: String, step: Int, changes: [String])

  func write(to path: String) throws(TrainingProblem) {
    let fields: [(key: String, value: JSONText)] =
      switch self {
      case .weights(let checkpoint): [("init_from", .string(checkpoint))]
      case .branch(let checkpoint, let step, let changes):
        [
          ("branch_of", .string(checkpoint)), ("step", .integer(step)),
          ("changes", .array(changes.map { .string($0) })),
        ]
      }
    do throws(FileProblem) {
      try AtomicFile.write(JSONText.object(fields).compact + "\n", to: path)
    } catch {
      throw .file(error)
    }
  }

  /// Nil where there is no file, or none that can be used.
  package static func read(_ path: String) throws(TrainingProblem) -> RunOrigin? {
    guard let bytes = try wholeFile(path) else { return nil }
    // The file is for readers: a training does without it.
    let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    if let checkpoint = object?["init_from"] as? String { return .weights(of: checkpoint) }
    guard let checkpoint = object?["branch_of"] as? String, let step = object?["step"] as? Int
    else {
      return nil
    }
    return .branch(of: checkpoint, step: step, changes: object?["changes"] as? [String] ?? [])
  }
}
