import Device
import Files
import Foundation
import Model

/// A checkpoint of a run from which another run goes on, perhaps with other settings.
package struct RunBranch: Sendable {
  /// The run whose checkpoint it is; it stays as it is.
  package let run: RunFolder
  package let point: Point

  /// Which checkpoint, as `--to` names it.
  package enum Point: Hashable, Sendable {
    /// At the end of an epoch, counted from 1.
    case epoch(Int)
    case step(Int)
    /// By the metric of `--keep-best`.
    case best

    /// As in `epoch-19`, `step-35625` or `best`; nil for all else.
    package init?(_ text: String) {
      let parts = text.split(separator: "-", omittingEmptySubsequences: false)
      switch (parts.first, parts.count == 2 ? Int(parts[1]) : nil) {
      case ("best", nil) where parts.count == 1: self = .best
      case ("epoch", let number?) where number > 0: self = .epoch(number)
      case ("step", let number?) where number >= 0: self = .step(number)
      default: return nil
      }
    }
  }

  package init(run: RunFolder, point: Point) {
    self.run = run
    self.point = point
  }

  /// The checkpoint, which has all of `tensors` but those of the optimisers.
  func checkpoint(with tensors: [StateTensor]) throws(TrainingProblem) -> Checkpoint {
    let checkpoint = try find()
    for tensor in tensors where !tensor.isOptimizerState {
      let expected = tensor.parameter.fileShape.dimensions
      let found = checkpoint.shape(of: tensor.name)
      guard found == expected || found == nil && tensor.averaged != nil else {
        throw .otherNetwork(
          checkpoint: checkpoint.path, tensor: tensor.name, expected: expected, found: found)
      }
    }
    return checkpoint
  }

  /// The error says which checkpoints there are.
  private func find() throws(TrainingProblem) -> Checkpoint {
    var found: [TrainingPosition] = []
    var damaged: [String] = []
    for path in try run.findCheckpoints().paths {
      do throws(TrainingProblem) {
        let position = try Checkpoint(contentsOf: path, verifies: false).position
        if try matches(position) { return try Checkpoint(contentsOf: path) }
        found.append(position)
      } catch {
        damaged.append("\(error)")
      }
    }
    throw .noSuchPoint(run: run.path, point: "\(point)", found: found, damaged: damaged)
  }

  private func matches(_ position: TrainingPosition) throws(TrainingProblem) -> Bool {
    switch point {
    case .epoch(let epoch): position.epoch == epoch && position.batchInEpoch == 0
    case .step(let step): position.step == step
    case .best: try BestCheckpoint.read(run.bestPath)?.step == position.step
    }
  }

  /// Puts `session` to the checkpoint; returns what starts anew in it, if anything does.
  ///
  /// Settings of the optimiser may differ: what it keeps of a parameter is taken where it is there.
  func begin(_ session: TrainingSession, at checkpoint: Checkpoint) throws(TrainingProblem)
    -> String?
  {
    try session.initialize()
    func isMissing(_ tensor: StateTensor) -> Bool {
      checkpoint.shape(of: tensor.name) != tensor.parameter.fileShape.dimensions
    }
    let missing = session.tensors.filter { $0.isOptimizerState && isMissing($0) }
    let averages = session.tensors.averages(where: isMissing)
    let names = Set(missing.map(\.name) + averages.map(\.average.name))
    try checkpoint.load(session.tensors.filter { !names.contains($0.name) }, into: session.state)
    try onDevice { () throws(DeviceProblem) in try session.state.start(averages) }
    var position = checkpoint.position
    // The learning rates are those that the spec says now.
    position.rewinds = 0
    if !missing.isEmpty {
      position.generatorUpdates = 0
      position.discriminatorUpdates = 0
    }
    session.resume(at: position)
    return missing.isEmpty ? nil : "the optimisers start anew: they keep other numbers now"
  }

  /// Copies what the run has written until `position`: the metrics and the samples.
  func copyHistory(
    until position: TrainingPosition, to folder: RunFolder
  ) throws(TrainingProblem) {
    func copy(_ path: String, to place: String) throws(TrainingProblem) {
      guard let bytes = try wholeFile(path) else { return }
      do { try AtomicFile.write(bytes, to: place) } catch { throw .file(error) }
    }
    // Lines of later steps are dropped when the log is opened, or written to.
    try copy(run.evaluationPath, to: folder.evaluationPath)
    try copy(run.metricsPath, to: folder.metricsPath)
    for epoch in 1..<position.epoch + 1 {
      try copy(run.samplePath(epoch: epoch), to: folder.samplePath(epoch: epoch))
    }
  }
}

extension RunBranch.Point: CustomStringConvertible {
  package var description: String {
    switch self {
    case .epoch(let epoch): "epoch-\(epoch)"
    case .step(let step): "step-\(step)"
    case .best: "best"
    }
  }
}
