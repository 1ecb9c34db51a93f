import Decoding
import Diagnostics
import Document

/// What both networks are trained for.
public struct ObjectiveSpec: Hashable, Sendable {
  /// Minimax unless the spec says otherwise.
  public let loss: Loss
  /// Non-saturating unless the spec says otherwise; of use for minimax only.
  public let generator: GeneratorLoss
  /// Coefficient and centre of a penalty on the discriminator's gradient for its input.
  public let gradientPenalty: GradientPenalty?
  public let span: SourceSpan

  public enum Loss: String, Hashable, Sendable, CaseIterable {
    case minimax
    case leastSquares = "least_squares"
    case wasserstein
    case hinge
  }

  /// The generator's side of minimax.
  public enum GeneratorLoss: String, Hashable, Sendable, CaseIterable {
    case nonSaturating = "non_saturating"
    case saturating
  }

  public struct GradientPenalty: Hashable, Sendable {
    public let coefficient: Double
    /// The norm that the gradient is drawn to; 1 unless the spec says otherwise.
    public let centre: Double
  }
}

extension ObjectiveSpec {
  /// Reads `objective: {loss: minimax, generator: non_saturating, gradient_penalty: 10}`.
  init(reading spec: inout OptionReader) {
    var options = spec.section("objective", help: "what both networks are trained for")
    let loss =
      options.choice("loss", default: Loss.minimax, help: "the game that is played") ?? .minimax
    let generator =
      options.choice(
        "generator", default: GeneratorLoss.nonSaturating,
        help: "the generator's side of minimax") ?? .nonSaturating
    if loss != .minimax, options.has("generator") {
      options.report(
        Diagnostic(
          SpecCode.uselessOption,
          "`\(loss.rawValue)` has one loss for the generator; only minimax has two",
          at: options.span(of: "generator"),
          repairs: options.removal(of: "generator").map {
            [Repair("remove `generator`", .safe, [$0])]
          } ?? []))
    }
    self.init(
      loss: loss, generator: generator, gradientPenalty: GradientPenalty(reading: &options),
      span: options.has("loss") ? options.span(of: "loss") : options.span)
    spec.absorb(options)
  }
}

extension ObjectiveSpec.GradientPenalty {
  /// Reads `gradient_penalty: 10` or `{coefficient: 10, centre: 1}`; nil where it is absent.
  fileprivate init?(reading objective: inout OptionReader) {
    guard
      var options = objective.nested(
        "gradient_penalty", help: "a penalty on the discriminator's gradient for its input")
    else { return nil }
    let coefficient = options.number(
      "coefficient", in: NumberRange(0...1_000_000), bare: true, help: "weight of the penalty")
    let centre = options.number(
      "centre", default: 1, in: NumberRange(0...1_000_000),
      help: "the norm that the gradient is drawn to")
    self.init(coefficient: coefficient, centre: centre)
    objective.absorb(options)
  }
}
