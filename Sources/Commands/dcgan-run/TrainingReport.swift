import Files
import Diagnostics
import Foundation
import Studies
import Terminal
import Training

/// Tells the user how a training goes: a bar on a terminal, plain lines elsewhere.
///
/// A class because it remembers what it has shown.
final class TrainingReport {
  private let call: CallText
  /// The words that name the run to `sample`.
  private let run: [String]
  private let bar = ProgressBar()

  /// - Parameters:
  ///   - spec: as the user wrote it.
  ///   - folder: what `--out` says.
  init(spec: String, folder: String?, call: CallText) {
    self.call = call
    run = [spec, "sample"] + (folder.map { ["--run", $0] } ?? [])
  }

  func show(_ event: TrainingRun.Event) {
    switch event {
    case .fallback(let source, let reason):
      bar.clear()
      Terminal.warning("\(reason)")
      Terminal.warning(
        "training on '\(source)' instead: images that the program draws, not real data")
    case .setAside(let folder):
      Terminal.note("moved the earlier run to \(folder)")
    case .warning(let text):
      bar.clear()
      Terminal.warning(text)
    case .note(let text):
      bar.clear()
      Terminal.note(text)
    case .started(let source, let images, let batches, let leftOut, let position, let folder):
      let start =
        position.step == 0 ? "" : ", resuming after step \(position.step.grouped)"
      bar.line(
        "training on \(source): \(images.counted("image")) an epoch in "
          + "\(batches.counted("batch", "batches"))"
          + (leftOut == 0 ? "" : ", \(leftOut) left out") + "; the run is in \(folder)\(start)")
    case .step(let progress):
      bar.show(progress)
    case .epochDone(let epoch, let samples, let checkpoint):
      let files = [samples, checkpoint].compactMap(\.self).joined(separator: ", ")
      bar.line("epoch \(epoch) done: \(files)")
    case .finding(let finding):
      bar.clear()
      Terminal.print(finding.diagnostic)
    case .rewound(let checkpoint, let step, let rate):
      bar.line(
        "going back to \(checkpoint ?? "the start"), step \(step.grouped), with learning rates × "
          + "\(rate)")
    case .judged(let epoch, let numbers):
      let words = SampleComparison.Measure.allCases.compactMap { measure in
        numbers[measure.rawValue].map { "\(measure.words) \($0.short)" }
      }
      bar.line("epoch \(epoch): \(words.joined(separator: ", "))")
    case .stopped(let saved):
      bar.line(saved.map { "stopped in trouble; saved \($0)" } ?? "stopped in trouble")
    case .interrupted(let checkpoint):
      bar.line("stopped; saved \(checkpoint)\nto resume: \(call.training())")
    case .finished(let epochs, let makesImages):
      let images = "images from it: \(CallText.line(run + ["--out", "grid.png"]))"
      let lines =
        ["trained for \(epochs.counted("epoch"))"] + (makesImages ? [images] : [])
        + ["to train on: \(call.training(epochs: epochs * 2))"]
      bar.line(lines.joined(separator: "\n"))
    }
  }
}
