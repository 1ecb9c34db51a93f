import Files
import Foundation

/// Where a training keeps what it makes: `spec.yaml`, `metrics.jsonl`,
/// `health.jsonl`, `samples/`, `checkpoints/`.
package struct RunFolder: Sendable {
  package let path: String

  /// A trailing slash says nothing.
  package init(path: String) {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    self.path = String(path)
  }

  package var specPath: String { "\(path)/spec.yaml" }
  package var metricsPath: String { "\(path)/metrics.jsonl" }
  package var healthPath: String { "\(path)/health.jsonl" }
  package var evaluationPath: String { "\(path)/evaluation.jsonl" }
  package var originPath: String { "\(path)/origin.json" }
  package var bestPath: String { "\(path)/best.json" }

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
  package static func create(_ folder: String) throws(TrainingProblem) {
    var path = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      path += path.isEmpty || path == "/" ? String(part) : "/\(part)"
      guard mkdir(path, 0o777) != 0, errno != EEXIST else { continue }
      throw .folder(path: folder, reason: System.reason())
    }
    guard try looking({ () throws(FileProblem) in try Folder.kind(of: folder) }) == .folder else {
      throw .folder(path: folder, reason: System.reason(ENOTDIR))
    }
  }

  /// What a look at the folder's checkpoints has found.
  package struct Checkpoints: Sendable {
    /// Paths, the one with the most steps first.
    package let paths: [String]
    /// Files that look like checkpoints, but have names that no run has written.
    package let oddNames: [String]
  }

  /// The checkpoints of the run; a folder that is not there has none, one that cannot be read is
  /// an error.
  package func findCheckpoints() throws(TrainingProblem) -> Checkpoints {
    let names = try looking { () throws(FileProblem) in try Folder.names(in: checkpoints) } ?? []
    let steps = names.compactMap(Self.step(of:))
    return Checkpoints(
      paths: steps.sorted(by: >).map(checkpointPath(step:)),
      oddNames: names.filter { $0.hasSuffix(Self.ending) && Self.step(of: $0) == nil }
        .map { "\(checkpoints)/\($0)" })
  }

  /// The folders of runs in `folder` that have a checkpoint.
  package static func all(in folder: String) throws(TrainingProblem) -> [String] {
    let names = try looking { () throws(FileProblem) in try Folder.names(in: folder) } ?? []
    return names.map { "\(folder)/\($0)" }.filter { path in
      (try? RunFolder(path: path).findCheckpoints().paths.isEmpty) == false
    }
  }

  /// The sheets of samples, in the order of their epochs.
  package func findSamples() throws(TrainingProblem) -> [(epoch: Int, path: String)] {
    let names =
      try looking { () throws(FileProblem) in
        try Folder.names(in: "\(path)/samples")
      } ?? []
    let epochs = names.compactMap { name -> Int? in
      guard name.hasPrefix("epoch-"), name.hasSuffix(".png"),
        let epoch = Int(name.dropFirst("epoch-".count).dropLast(".png".count)), epoch > 0,
        name == "epoch-\(epoch).png"
      else { return nil }
      return epoch
    }
    return epochs.sorted().map { ($0, samplePath(epoch: $0)) }
  }

  /// Removes the checkpoints that `rule` does not keep; returns those that could not be removed.
  func removeCheckpoints(keeping rule: KeptCheckpoints) throws(TrainingProblem) -> [String] {
    let best = rule.best == nil ? nil : try BestCheckpoint.read(bestPath)?.step
    return try findCheckpoints().paths.dropFirst(rule.newest).filter { path in
      if let best, path == checkpointPath(step: best) { return false }
      // One whose position cannot be read is damaged and old: it goes.
      if let epochs = rule.everyEpochs,
        let position = (try? Checkpoint(contentsOf: path, verifies: false))?.position,
        position.batchInEpoch == 0, position.epoch > 0, position.epoch % epochs == 0
      {
        return false
      }
      return unlink(path) != 0 && errno != ENOENT
    }
  }

  /// Moves the whole folder to the first free `PATH-1`, `PATH-2`, …; returns the new place, or nil
  /// where there is nothing to move.
  package func setAside() throws(TrainingProblem) -> String? {
    guard try looking({ () throws(FileProblem) in try Folder.kind(of: path) }) != nil else {
      return nil
    }
    var number = 1
    while try looking({ () throws(FileProblem) in try Folder.kind(of: "\(path)-\(number)") }) != nil
    {
      number += 1
    }
    guard rename(path, "\(path)-\(number)") == 0 else {
      throw .folder(path: path, reason: System.reason())
    }
    return "\(path)-\(number)"
  }

  /// The first of `PATH-branch-1`, `PATH-branch-2`, … that is free.
  package func freeBranch() throws(TrainingProblem) -> String {
    var number = 1
    while try looking({ () throws(FileProblem) in
      try Folder.kind(of: "\(path)-branch-\(number)")
    }) != nil {
      number += 1
    }
    return "\(path)-branch-\(number)"
  }

  private static let (start, ending) = ("step-", ".safetensors")

  /// The step of a checkpoint's name as a run writes it, without leading zeros or signs.
  static func step(of name: String) -> Int? {
    guard name.hasPrefix(start), name.hasSuffix(ending) else { return nil }
    let digits = name.dropFirst(start.count).dropLast(ending.count)
    return Int(digits).flatMap { "\($0)" == digits && $0 >= 0 ? $0 : nil }
  }
}

/// Which checkpoints of a run stay.
package struct KeptCheckpoints: Hashable, Sendable {
  /// How many of the newest; at least 1.
  package var newest = 3
  /// Those at the end of each so manieth epoch.
  package var everyEpochs: Int?
  /// That of the epoch in which this metric was best.
  package var best: BestCheckpoint.Metric?

  package init() {}
}

/// `body` with a file's problem as ours.
func looking<Result>(
  _ body: () throws(FileProblem) -> Result
) throws(TrainingProblem) -> Result {
  do { return try body() } catch { throw .file(error) }
}

/// All of the file at `path`; nil where there is none.
func wholeFile(_ path: String) throws(TrainingProblem) -> [UInt8]? {
  try looking { () throws(FileProblem) in
    guard try Folder.kind(of: path) != nil else { return nil }
    let file = try OpenFile(path: path)
    return try file.bytes(at: 0, count: file.length)
  }
}
