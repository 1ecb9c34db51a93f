import Files
import Diagnostics
import Foundation
import Terminal
import Training

/// Tells the user how a training goes: a bar on a terminal, plain lines elsewhere.
///
/// A class because it remembers what it has shown.
final class TrainingReport {
  /// As the user wrote it.
  private let spec: String
  private let bar = ProgressBar()

  init(spec: String) { self.spec = spec }

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
    case .started(let source, let images, let batches, let position, let folder):
      let start =
        position.step == 0 ? "" : ", resuming after step \(position.step.grouped)"
      bar.line(
        "training on \(source): \(images.grouped) images an epoch in \(batches.grouped) batches; "
          + "the run is in \(folder)\(start)")
    case .step(let progress):
      bar.show(progress)
    case .epochDone(let epoch, let samples, let checkpoint):
      bar.line("epoch \(epoch) done: \(samples), \(checkpoint)")
    case .interrupted(let checkpoint):
      bar.line("stopped; saved \(checkpoint); the same command resumes the run")
    case .finished(let epochs):
      bar.line(
        "trained for \(epochs) epoch\(epochs == 1 ? "" : "s"); "
          + "next: dcgan-run \(spec) sample --out grid.png, or --epochs \(epochs * 2) to train on")
    }
  }
}
