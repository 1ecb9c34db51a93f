import Files
import Foundation

/// `evaluation.jsonl`: what comparisons with real images say of a generator, an epoch in each line.
package enum EvaluationLog {
  package struct Entry: Hashable, Sendable {
    /// Counted from 1.
    package let epoch: Int
    package let step: Int
    /// By the names of the measures, such as `frechet`.
    package let numbers: [String: Double]
  }

  private enum Key: String { case epoch, step }

  /// Adds an entry after those of earlier steps; a run that goes back measures again.
  static func append(_ entry: Entry, to path: String) throws(TrainingProblem) {
    let all = try read(path).filter { $0.step < entry.step } + [entry]
    let lines = all.map { entry in
      let numbers = entry.numbers.sorted { $0.key < $1.key }
        .map { (key: $0.key, value: JSONText.real(Float($0.value))) }
      return JSONText.object(
        [
          (Key.epoch.rawValue, .integer(entry.epoch)), (Key.step.rawValue, .integer(entry.step)),
        ] + numbers
      ).compact + "\n"
    }
    do { try AtomicFile.write(lines.joined(), to: path) } catch { throw .file(error) }
  }

  /// The entries of the file at `path`; one that is not there has none.
  package static func read(_ path: String) throws(TrainingProblem) -> [Entry] {
    guard let bytes = try wholeFile(path) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      // What is no entry is left out; its epoch is as one that was not measured.
      guard
        let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let epoch = object[Key.epoch.rawValue] as? Int,
        let step = object[Key.step.rawValue] as? Int
      else { return nil }
      let numbers = object.filter { Key(rawValue: $0.key) == nil }
        .compactMapValues { ($0 as? NSNumber)?.doubleValue }
      return Entry(epoch: epoch, step: step, numbers: numbers)
    }
  }
}
