import Decoding
import Diagnostics

/// How one of the networks is trained, where it differs from the other.
public struct NetworkTraining: Hashable, Sendable {
  /// Nil for that of both networks, `train.optimizer`.
  public let ownOptimizer: OptimizerSpec?
  /// Steps in a row that this network takes for each of the other, from 1 to 100; 1 by default.
  public let steps: Int
  /// What the norm of all its gradients together is cut down to; 0, the default, for no limit.
  public let clip: Double
  /// What each of its trained numbers is kept within after an update, to both sides of 0; 0, the
  /// default, for no limit.
  ///
  /// Source: Arjovsky et al. 2017, algorithm 1.
  public let clipWeights: Double
  /// The share of the old value in the moving average of its tensors, which samples are made with; 0,
  /// the default, for no average.
  ///
  /// Only a generator has one. Source: Karras et al. 2018, section 4.
  public let average: Double

  /// The share in the average after so many updates: less at the beginning, so that what the networks
  /// were before they learned does not stay for long.
  ///
  /// As TensorFlow's moving averages have it: at most (1 + t) / (10 + t).
  public func averageShare(update t: Int) -> Double {
    min(average, Double(1 + t) / Double(10 + t))
  }

  public let span: SourceSpan
  /// Where the value of each written option stands.
  public let optionSpans: [String: SourceSpan]

  /// Whether nothing differs from the other network.
  var isPlain: Bool {
    ownOptimizer == nil && steps == 1 && clip == 0 && clipWeights == 0 && average == 0
  }
}

extension NetworkTraining {
  /// Reads `generator: {optimizer: …, steps: 1, clip: 0, clip_weights: 0, average: 0.999}` of `train`.
  init(of role: NetworkRole, reading train: inout OptionReader) {
    var options = train.section(
      role.rawValue, help: "how the \(role.rawValue) is trained, where it differs")
    // The rule is read only where it is written, so that it is else that of both.
    let optimizer =
      options.isRecording || options.has("optimizer")
      ? OptimizerSpec(reading: &options, differingFrom: train.written("optimizer")) : nil
    let steps = options.integer(
      "steps", default: 1, in: 1...100, help: "steps in a row for each of the other network")
    let clip = options.number(
      "clip", default: 0, in: NumberRange(0...1_000_000),
      help: "what the norm of all gradients is cut down to; 0 for no limit")
    let clipWeights = options.number(
      "clip_weights", default: 0, in: NumberRange(0...1_000_000),
      help: "what each weight is kept within after an update; 0 for no limit")
    let average =
      role == .generator
      ? options.number(
        "average", default: 0, in: NumberRange(0..<1),
        help: "share of the old value in the moving average that samples are made with; 0 for none")
      : 0
    self.init(
      ownOptimizer: optimizer, steps: steps, clip: clip, clipWeights: clipWeights, average: average,
      span: options.span, optionSpans: options.origins.spans)
    train.absorb(options)
  }
}
