import Files
import Diagnostics
import Foundation
import Terminal
import Training

/// One line that is written over and over on a terminal; a line at each tenth of an epoch elsewhere.
///
/// A class because it remembers what stands on the terminal.
final class ProgressBar {
  private let isTerminal = Terminal.canRewriteLines
  private var isShown = false
  private var lastShown: ContinuousClock.Instant?
  private var lastTenth = -1
  /// Losses wander from batch to batch: shown is a running mean.
  private var smoothed: [String: Double] = [:]
  private var showsScores = false

  func show(_ progress: TrainingRun.Progress) {
    let text = values(of: progress)
    let position = progress.position
    let isLast = position.batchInEpoch == progress.batchesPerEpoch
    if isTerminal {
      // Ten times a second is as often as anyone can read.
      let now = ContinuousClock.now
      if let lastShown, now - lastShown < .milliseconds(100), !isLast { return }
      lastShown = now
      write("\r\u{1B}[K" + clipped("\(head(progress)) \(bar(progress)) \(text)"))
      isShown = true
    } else {
      let tenth = position.batchInEpoch * 10 / progress.batchesPerEpoch + 10 * position.epoch
      guard tenth != lastTenth else { return }
      lastTenth = tenth
      write("\(head(progress)) \(text)\n")
    }
  }

  /// A line that stays.
  func line(_ text: String) {
    clear()
    write(text + "\n")
  }

  /// Takes the bar away.
  func clear() {
    if isShown { write("\r\u{1B}[K") }
    isShown = false
  }

  private func head(_ progress: TrainingRun.Progress) -> String {
    let done = progress.position.batchInEpoch * progress.batch
    let all = progress.batchesPerEpoch * progress.batch
    return "epoch \(progress.position.epoch + 1)/\(progress.epochs)  \(done.grouped)/\(all.grouped)"
  }

  private func bar(_ progress: TrainingRun.Progress) -> String {
    let width = 16
    let filled = progress.position.batchInEpoch * width / progress.batchesPerEpoch
    return String(repeating: "━", count: filled) + String(repeating: "╌", count: width - filled)
  }

  private func values(of progress: TrainingRun.Progress) -> String {
    let rate = Double(progress.batches * progress.batch) / max(progress.seconds, 1e-9)
    var parts = ["\(Int(rate.rounded()).grouped) images/s"]
    let metrics = progress.metrics
    // A score says more than the probability that a sigmoid would make of it.
    showsScores = showsScores || metrics.scoreOnReal != nil
    let verdicts =
      showsScores
      ? [("score x", metrics.scoreOnReal), ("G(z)", metrics.scoreOnFake)]
      : [("D(x)", metrics.meanOnReal), ("D(G(z))", metrics.meanOnFake)]
    for (name, value) in [
      ("loss D", metrics.discriminatorLoss), ("G", metrics.generatorLoss),
    ] + verdicts {
      if let value {
        let before = smoothed[name] ?? Double(value)
        smoothed[name] = 0.9 * before + 0.1 * Double(value)
      }
      if let shown = smoothed[name] { parts.append("\(name) \(String(format: "%.2f", shown))") }
    }
    let left =
      (progress.epochs - progress.position.epoch) * progress.batchesPerEpoch
      - progress.position.batchInEpoch
    let seconds = Double(left * progress.batch) / max(rate, 1e-9)
    return parts.joined(separator: "  ") + "  \(clock(seconds)) left"
  }

  private func clock(_ seconds: Double) -> String {
    let total = Int(min(seconds, 359_999).rounded(.up))
    let (hours, minutes) = (total / 3600, total / 60 % 60)
    let tail = String(format: "%02d", total % 60)
    return hours > 0 ? "\(hours):\(String(format: "%02d", minutes)):\(tail)" : "\(minutes):\(tail)"
  }

  /// A longer line would wrap, and could not be written over.
  private func clipped(_ text: String) -> String {
    String(text.prefix(max(Terminal.width - 1, 20)))
  }

  private func write(_ text: String) { Terminal.message(text) }
}
