import Files
import Foundation

/// Where a training keeps what it makes: `spec.yaml`, `metrics.jsonl`, `samples/`, `checkpoints/`.
package struct RunFolder: Sendable {
  package let path: String

  package init(path: String) { self.path = path }

  package var specPath: String { "\(path)/spec.yaml" }
  package var metricsPath: String { "\(path)/metrics.jsonl" }

  package func samplePath(epoch: Int) -> String { "\(path)/samples/epoch-\(epoch).png" }
  package func checkpointPath(step: Int) -> String { "\(checkpoints)/step-\(step).safetensors" }

  private var checkpoints: String { "\(path)/checkpoints" }

  /// Makes the folders that are missing, and removes what a killed run was writing.
  package func create() throws(TrainingProblem) {
    for folder in [path, checkpoints, "\(path)/samples"] {
      try Self.create(folder)
      AtomicFile.removeAbandoned(in: folder)
    }
  }

  /// Makes a folder and those above it, where they are missing.
  static func create(_ folder: String) throws(TrainingProblem) {
    var path = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      path += path.isEmpty || path == "/" ? String(part) : "/\(part)"
      guard mkdir(path, 0o777) != 0, errno != EEXIST else { continue }
      throw .folder(path: folder, reason: String(cString: strerror(errno)))
    }
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .folder(path: folder, reason: String(cString: strerror(ENOTDIR)))
    }
  }

  /// The checkpoint with the most steps, or nil; a folder that is not there has none.
  package var newestCheckpoint: String? {
    checkpointSteps.max().map(checkpointPath(step:))
  }

  /// Removes all checkpoints but the `count` newest.
  package func removeCheckpoints(except count: Int) {
    for step in checkpointSteps.sorted().dropLast(count) {
      // One that cannot be removed now is tried again after the next checkpoint.
      try? FileManager.default.removeItem(atPath: checkpointPath(step: step))
    }
  }

  /// Moves the whole folder to the first free `PATH-1`, `PATH-2`, …; returns the new place, or nil
  /// where there is nothing to move.
  package func setAside() throws(TrainingProblem) -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    var number = 1
    while FileManager.default.fileExists(atPath: "\(path)-\(number)") { number += 1 }
    guard rename(path, "\(path)-\(number)") == 0 else {
      throw .folder(path: path, reason: String(cString: strerror(errno)))
    }
    return "\(path)-\(number)"
  }

  private var checkpointSteps: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: checkpoints)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix("step-"), name.hasSuffix(".safetensors") else { return nil }
      return Int(name.dropFirst("step-".count).dropLast(".safetensors".count))
    }
  }
}
