import Files
import Foundation

/// `metrics.jsonl`: one JSON object a step.
///
/// A class because it owns an open file. Lines reach the file at each `flush`, and by themselves
/// every few seconds.
package final class MetricsLog {
  private let path: String
  private var file: FileHandle
  private var pending = ""
  private var lastFlush = ContinuousClock.now
  private var lines: [MetricsLine]
  /// What happened to the file that a user should know; asked for after each flush.
  private(set) var warning: String?

  private static let flushInterval = Duration.seconds(2)

  /// Opens the log of a run that has come to `step`; lines of later steps, which an interrupted
  /// training has left, are dropped.
  init(path: String, step: Int) throws(TrainingProblem) {
    let kept = try Self.lines(of: path).filter { $0.line.step <= step }
    lines = kept.map(\.line)
    do throws(FileProblem) {
      try AtomicFile.write(kept.map { $0.text + "\n" }.joined(), to: path)
    } catch {
      throw .file(error)
    }
    self.path = path
    file = try Self.open(path)
  }

  func append(_ line: MetricsLine) throws(TrainingProblem) {
    pending += line.text + "\n"
    if ContinuousClock.now - lastFlush > Self.flushInterval { try flush() }
  }

  func flush() throws(TrainingProblem) {
    lastFlush = .now
    if pending.isEmpty { return }
    if try !isInPlace() {
      warning = "\(path) was removed or replaced while training; new lines go to a new file"
      file = try Self.open(path)
    }
    do {
      try file.write(contentsOf: Data(pending.utf8))
      pending = ""
    } catch {
      throw .file(.cannotWrite(path: path, reason: System.reason()))
    }
  }

  /// The lines that were there; given once, so that they do not take memory for the whole training.
  func takeLines() -> [MetricsLine] {
    defer { lines = [] }
    return lines
  }

  func takeWarning() -> String? {
    defer { warning = nil }
    return warning
  }

  /// Whether the path still leads to the open file.
  private func isInPlace() throws(TrainingProblem) -> Bool {
    var (open, named) = (stat(), stat())
    guard fstat(file.fileDescriptor, &open) == 0 else {
      throw .file(.cannotWrite(path: path, reason: System.reason()))
    }
    guard stat(path, &named) == 0 else {
      if errno == ENOENT { return false }
      throw .file(.cannotWrite(path: path, reason: System.reason()))
    }
    return (open.st_dev, open.st_ino) == (named.st_dev, named.st_ino)
  }

  private static func open(_ path: String) throws(TrainingProblem) -> FileHandle {
    // O_NONBLOCK: a pipe without a reader must give an answer, not wait for one.
    let descriptor = System.retrying {
      Foundation.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o666)
    }
    guard descriptor >= 0 else {
      throw .file(.cannotWrite(path: path, reason: System.reason()))
    }
    return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  /// The lines of an earlier log as they are there, without those that a kill has cut; a file that is
  /// not there has none, one that cannot be read is an error.
  private static func lines(
    of path: String
  ) throws(TrainingProblem) -> [(text: Substring, line: MetricsLine)] {
    guard let bytes = try wholeFile(path) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { text in
      MetricsLine(text).map { (text, $0) }
    }
  }

  /// What the log at `path` says, in its order.
  package static func read(_ path: String) throws(TrainingProblem) -> [MetricsLine] {
    try lines(of: path).map(\.line)
  }
}
