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
  /// Of each value by its name: losses wander from batch to batch.
  private var smoothed: [String: Double] = [:]
  private var showsScores = false

  func show(_ progress: TrainingRun.Progress) {
    let line = line(of: progress)
    let position = progress.position
    let isLast = position.batchInEpoch == progress.batchesPerEpoch
    if isTerminal {
      // Ten times a second is as often as anyone can read.
      let now = ContinuousClock.now
      if let lastShown, now - lastShown < .milliseconds(100), !isLast { return }
      lastShown = now
      // A longer line would wrap, and could not be written over.
      write("\r\u{1B}[K" + line.text(width: max(Terminal.width - 1, 20)))
      isShown = true
    } else {
      let tenth = position.batchInEpoch * 10 / progress.batchesPerEpoch + 10 * position.epoch
      guard tenth != lastTenth else { return }
      lastTenth = tenth
      write("\(line.text(width: .max))\n")
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

  /// What matters least goes first where the terminal is narrow: the bar, then the verdicts.
  private func line(of progress: TrainingRun.Progress) -> FittedLine {
    var line = FittedLine()
    line.add(head(progress))
    if isTerminal { line.add(bar(progress), rank: 3) }
    let rate = Double(progress.batches * progress.batch) / max(progress.seconds, 1e-9)
    line.add("\(Int(rate.rounded()).grouped) images/s", rank: 1)
    let metrics = progress.metrics
    add("loss D", metrics.discriminatorLoss, to: &line)
    add("G", metrics.generatorLoss, to: &line)
    // A score says more than the probability that a sigmoid would make of it.
    showsScores = showsScores || metrics.scoreOnReal != nil
    if showsScores {
      add("score x", metrics.scoreOnReal, rank: 2, to: &line)
      add("G(z)", metrics.scoreOnFake, rank: 2, to: &line)
    } else {
      add("D(x)", metrics.meanOnReal, rank: 2, to: &line)
      add("D(G(z))", metrics.meanOnFake, rank: 2, to: &line)
    }
    let left =
      (progress.epochs - progress.position.epoch) * progress.batchesPerEpoch
      - progress.position.batchInEpoch
    line.add("\(clock(Double(left * progress.batch) / max(rate, 1e-9))) left")
    return line
  }

  /// A running mean; nil leaves it as it was.
  private func add(_ name: String, _ value: Float?, rank: Int = 0, to line: inout FittedLine) {
    if let value {
      let before = smoothed[name] ?? Double(value)
      smoothed[name] = 0.9 * before + 0.1 * Double(value)
    }
    if let shown = smoothed[name] {
      // Such a number shows that something is wrong; its digits do not matter.
      let format = abs(shown) < 1e5 ? "%.2f" : "%.1e"
      line.add("\(name) \(String(format: format, shown))", rank: rank)
    }
  }

  private func clock(_ seconds: Double) -> String {
    let total = Int(min(seconds, 359_999).rounded(.up))
    let (hours, minutes) = (total / 3600, total / 60 % 60)
    let tail = String(format: "%02d", total % 60)
    return hours > 0 ? "\(hours):\(String(format: "%02d", minutes)):\(tail)" : "\(minutes):\(tail)"
  }

  private func write(_ text: String) { Terminal.message(text) }
}
