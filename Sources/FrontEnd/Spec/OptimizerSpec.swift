import Decoding
import Diagnostics

/// PyTorch's options; the weight decay is coupled (added to the gradient).
///
/// Adam with the paper's numbers (0.0002, β1 0.5) unless the spec says otherwise; each network has
/// an optimiser of its own.
public struct OptimizerSpec: Hashable, Sendable {
  public let rule: Rule
  /// 0.0002 unless the spec says otherwise.
  public let learningRate: Double
  /// 0 unless the spec says otherwise.
  public let weightDecay: Double
  /// The name of the rule.
  public let span: SourceSpan
  /// Where the value of each written option stands.
  public let optionSpans: [String: SourceSpan]

  public enum Rule: Hashable, Sendable {
    /// Kingma and Ba 2014; by default 0.5, 0.999, 1e-8.
    case adam(beta1: Double, beta2: Double, epsilon: Double)
    /// By default 0.99, 1e-8, 0.
    case rmsprop(smoothing: Double, epsilon: Double, momentum: Double)
    /// By default 0.
    case sgd(momentum: Double)
  }
}

extension OptimizerSpec {
  private enum Name: String, CaseIterable { case adam, rmsprop, sgd }

  /// Reads `optimizer: adam` or `{adam: {learning_rate: 0.0002, beta1: 0.5, …}}`.
  init(reading train: inout OptionReader) {
    let named = train.named(
      "optimizer", known: Name.allNames, default: Name.adam.rawValue,
      help: "what turns gradients into steps"
    ) { named, options in
      Self(Name(rawValue: named.name) ?? .adam, at: named.span, reading: &options)
    }
    var nothing = OptionReader(nil, subject: "adam", span: train.span, scope: train.scope)
    self = named ?? Self(.adam, at: train.span, reading: &nothing)
  }

  private init(_ name: Name, at span: SourceSpan, reading options: inout OptionReader) {
    let share = NumberRange(0..<1)
    let learningRate = options.number(
      "learning_rate", default: 0.0002, in: NumberRange(0...1_000), help: "size of the steps")
    let rule: Rule
    switch name {
    case .adam:
      rule = .adam(
        beta1: options.number(
          "beta1", default: 0.5, in: share, help: "share of the old mean of the gradients"),
        beta2: options.number(
          "beta2", default: 0.999, in: share, help: "share of the old mean of their squares"),
        epsilon: options.number(
          "epsilon", default: 1e-8, in: NumberRange(0...1), help: Self.epsilonHelp))
    case .rmsprop:
      rule = .rmsprop(
        smoothing: options.number(
          "smoothing", default: 0.99, in: share,
          help: "share of the old mean of the gradients' squares"),
        epsilon: options.number(
          "epsilon", default: 1e-8, in: NumberRange(0...1), help: Self.epsilonHelp),
        momentum: options.number("momentum", default: 0, in: share, help: Self.momentumHelp))
    case .sgd:
      rule = .sgd(
        momentum: options.number("momentum", default: 0, in: share, help: Self.momentumHelp))
    }
    let weightDecay = options.number(
      "weight_decay", default: 0, in: NumberRange(0...1_000),
      help: "how much of each weight is added to its gradient")
    self.init(
      rule: rule, learningRate: learningRate, weightDecay: weightDecay, span: span,
      optionSpans: options.origins.spans)
  }

  private static let epsilonHelp = "added to the root, so that nothing is divided by 0"
  private static let momentumHelp = "share of the last step in the next"
}
