import Files
import Foundation

extension TrainingRun {
  /// Goes back to the newest good checkpoint before the trouble, or to the start, with half the
  /// learning rates; returns the checkpoint that it goes on from.
  ///
  /// What the run had made since then moves into `before-rewind-N` of its folder.
  func rewind(
    _ materials: TrainingLoop.Materials, from finding: HealthFinding, report: (Event) -> Void
  ) throws(TrainingProblem) -> String? {
    let (session, folder) = (materials.session, materials.folder)
    let rewinds = session.position.rewinds + 1
    let paths = try folder.findCheckpoints().paths
    var target: Checkpoint?
    for path in paths where target == nil {
      // A damaged one is no place to go back to; the one before it is.
      guard let checkpoint = try? Checkpoint(contentsOf: path) else { continue }
      if checkpoint.position.step <= finding.before { target = checkpoint }
    }
    try begin(session, at: target)
    var position = session.position
    position.rewinds = rewinds
    session.resume(at: position)
    try folder.moveAside(after: position.step, number: rewinds)
    // From now on a process that is killed and started again goes on from here.
    let path = folder.checkpointPath(step: position.step)
    try Checkpoint.write(session, data: materials.data, to: path)
    report(.rewound(checkpoint: target?.path, step: position.step, rate: position.rateFactor))
    return path
  }
}

extension RunFolder {
  /// Moves the checkpoints of steps after `step` into `before-rewind-NUMBER`, with a copy of the
  /// metrics.
  fileprivate func moveAside(after step: Int, number: Int) throws(TrainingProblem) {
    let aside = "\(path)/before-rewind-\(number)"
    try Self.create(aside)
    if let metrics = try wholeFile(metricsPath) {
      do throws(FileProblem) {
        try AtomicFile.write(metrics, to: "\(aside)/metrics.jsonl")
      } catch {
        throw .file(error)
      }
    }
    for checkpoint in try findCheckpoints().paths {
      guard let name = checkpoint.split(separator: "/").last,
        checkpoint != checkpointPath(step: step),
        Self.step(of: String(name)).map({ $0 > step }) ?? false
      else { continue }
      guard rename(checkpoint, "\(aside)/\(name)") == 0 else {
        throw .folder(path: aside, reason: System.reason())
      }
    }
  }
}
