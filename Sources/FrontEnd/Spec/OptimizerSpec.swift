import Decoding
import Diagnostics
import Document
import Optimizers

/// PyTorch's options; the weight decay is coupled (added to the gradient).
///
/// Adam with the paper's numbers (0.0002, β1 0.5) by default; each network has
/// an optimiser of its own.
public struct OptimizerSpec: Hashable, Sendable {
  public let rule: OptimizerRule
  /// 0.0002 by default.
  public let learningRate: Double
  /// 0 by default.
  public let weightDecay: Double
  /// The name of the rule.
  public let span: SourceSpan
  /// Where the value of each written option stands.
  public let optionSpans: [String: SourceSpan]
}

extension OptimizerSpec {
  /// Reads `optimizer: adam` or `{adam: {learning_rate: 0.0002, beta1: 0.5, …}}`.
  ///
  /// `common` is the optimiser of both networks, where this is that of one: of the same rule, it
  /// only says what differs.
  init(reading train: inout OptionReader, differingFrom common: Node? = nil) {
    let named = train.named(
      "optimizer", known: OptimizerKind.allNames, default: OptimizerKind.adam.rawValue,
      inheriting: common, help: "the rule that turns gradients into updates"
    ) { named, options in
      Self(OptimizerKind(rawValue: named.name) ?? .adam, at: named.span, reading: &options)
    }
    var nothing = OptionReader(nil, subject: "adam", span: train.span, scope: train.scope)
    self = named ?? Self(.adam, at: train.span, reading: &nothing)
  }

  private init(_ kind: OptimizerKind, at span: SourceSpan, reading options: inout OptionReader) {
    let learningRate = options.number(
      "learning_rate", default: 0.0002, in: NumberRange(0...1_000), help: "size of the steps")
    let rule = kind.rule(reading: &options)
    let weightDecay = options.number(
      "weight_decay", default: 0, in: NumberRange(0...1_000),
      help: "how much of each weight is added to its gradient")
    self.init(
      rule: rule, learningRate: learningRate, weightDecay: weightDecay, span: span,
      optionSpans: options.origins.spans)
  }
}
