import Compiler
import Datasets
import Diagnostics
import Document
import Files
import Foundation
import LayerGraph
import Spec
import Training

/// All that a run's folder tells: what a report is made from.
package struct RunRecord {
  package let folder: RunFolder
  /// Of the run's own spec, with everything written out.
  package let compilation: Compilation
  package let spec: Spec
  package let graph: LayerGraph
  /// The lines of `metrics.jsonl`.
  package let lines: [MetricsLine]
  package let findings: [HealthLog.Entry]
  /// The lines of `evaluation.jsonl`.
  package let evaluations: [EvaluationLog.Entry]
  /// The newest checkpoint that can be read; nil before the first.
  package let checkpoint: Checkpoint?
  /// The epochs that have a sheet of samples, and its path, in their order.
  package let sheets: [(epoch: Int, path: String)]
  package let origin: RunOrigin?
  package let best: BestCheckpoint?
  /// Checkpoints that cannot be used, and why.
  package let damaged: [String]

  package init(_ folder: RunFolder) throws(TrainingProblem) {
    self.folder = folder
    var checkpoint: Checkpoint?
    var damaged: [String] = []
    for path in try folder.findCheckpoints().paths where checkpoint == nil {
      do throws(TrainingProblem) {
        checkpoint = try Checkpoint(contentsOf: path)
      } catch {
        damaged.append("\(error)")
      }
    }
    self.checkpoint = checkpoint
    self.damaged = damaged
    lines = try MetricsLog.read(folder.metricsPath)
    guard !lines.isEmpty || checkpoint != nil else {
      throw .noCheckpoint(folder: folder.path, others: try RunFolder.all(in: "runs"))
    }
    let path = checkpoint?.path ?? folder.specPath
    let file: SourceFile
    if let checkpoint {
      file = SourceFile(path: path, text: checkpoint.specText)
    } else {
      do throws(SourceFileProblem) { file = try SourceFile.read(path: path) } catch {
        throw .specNotUsable(path: path, reason: "\(error)")
      }
    }
    let compilation = Compilation(file, standsAlone: true)
    guard let spec = compilation.spec, let graph = compilation.graph else {
      throw .specNotUsable(
        path: path, reason: compilation.problems.first.map(\.message) ?? "it has errors")
    }
    (self.compilation, self.spec, self.graph) = (compilation, spec, graph)
    findings = try HealthLog.read(folder.healthPath)
    evaluations = try EvaluationLog.read(folder.evaluationPath)
    sheets = try folder.findSamples()
    origin = try RunOrigin.read(folder.originPath)
    best = try BestCheckpoint.read(folder.bestPath)
  }

  /// Epochs that are complete.
  package var epochs: Int {
    checkpoint?.position.epoch ?? max(0, (lines.last?.epoch ?? 1) - 1)
  }

  package var steps: Int { max(lines.last?.step ?? 0, checkpoint?.position.step ?? 0) }

  package var isFinished: Bool { epochs >= spec.train.epochs }

  /// Of training, over all its processes.
  package var seconds: Double { lines.last?.seconds ?? 0 }

  /// What an epoch took: its last line's seconds and images less those of the epoch before.
  package var epochTimes: [(epoch: Int, seconds: Double, images: Int)] {
    var times: [(epoch: Int, seconds: Double, images: Int)] = []
    var before = (seconds: 0.0, images: 0)
    for (line, next) in zip(lines, lines.dropFirst().map(Optional.init) + [nil])
    where next?.epoch != line.epoch {
      times.append((line.epoch, line.seconds - before.seconds, line.images - before.images))
      before = (line.seconds, line.images)
    }
    return times
  }
}
