import Files
import Foundation

/// The checkpoint of the epoch in which a metric was best, and the file `best.json` that names it.
package struct BestCheckpoint: Hashable, Sendable {
  package let metric: Metric
  /// The metric's mean over the epoch.
  package let value: Float
  package let epoch: Int
  package let step: Int

  /// What `--keep-best` goes by; losses of a game say little about images, so choose with care.
  package enum Metric: String, CaseIterable, Sendable {
    case generatorLoss = "loss_generator"
    case discriminatorLoss = "loss_discriminator"
    /// How far D(x) and D(G(z)) are from each other.
    case balance
    /// How much generated images differ from the most similar other one.
    case variety
    /// The Fréchet distance of samples to real images, measured after each epoch.
    case frechet

    /// The number of a line of the log, the lower the better; nil where it has none.
    func number(of line: MetricsLine) -> Float? {
      switch self {
      case .generatorLoss: line.metrics.generatorLoss
      case .discriminatorLoss: line.metrics.discriminatorLoss
      case .balance:
        line.metrics.meanOnReal.flatMap { real in
          line.metrics.meanOnFake.map { abs(real - $0) }
        }
      case .variety: line.vitals.map { -$0.nearest }
      // No step has it.
      case .frechet: nil
      }
    }
  }

  /// The mean of a metric over the steps of one epoch.
  struct EpochMean {
    let metric: Metric
    private var epoch = 0
    private var sum: Double = 0
    private var count = 0

    init(_ metric: Metric) { self.metric = metric }

    mutating func add(_ line: MetricsLine) {
      if line.epoch != epoch { (epoch, sum, count) = (line.epoch, 0, 0) }
      guard let number = metric.number(of: line) else { return }
      sum += Double(number)
      count += 1
    }

    /// Nil where no step of the epoch had the metric.
    var value: Float? { count == 0 ? nil : Float(sum / Double(count)) }
  }

  private enum Key: String { case metric, value, epoch, step }

  func write(to path: String) throws(TrainingProblem) {
    let text = JSONText.object([
      (Key.metric.rawValue, .string(metric.rawValue)), (Key.value.rawValue, .real(value)),
      (Key.epoch.rawValue, .integer(epoch)), (Key.step.rawValue, .integer(step)),
    ]).compact
    do { try AtomicFile.write(text + "\n", to: path) } catch { throw .file(error) }
  }

  /// Nil where there is no file, or none that can be used.
  package static func read(_ path: String) throws(TrainingProblem) -> BestCheckpoint? {
    guard let bytes = try wholeFile(path) else { return nil }
    // Where it cannot be read, the next epoch is the best so far.
    guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
      let metric = (object[Key.metric.rawValue] as? String).flatMap(Metric.init(rawValue:)),
      let value = object[Key.value.rawValue] as? NSNumber,
      let epoch = object[Key.epoch.rawValue] as? Int, let step = object[Key.step.rawValue] as? Int
    else { return nil }
    return BestCheckpoint(metric: metric, value: value.floatValue, epoch: epoch, step: step)
  }
}
