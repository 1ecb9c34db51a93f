import Decoding
import Diagnostics
import Objectives

/// What both networks are trained for.
public struct ObjectiveSpec: Hashable, Sendable {
  /// Minimax by default.
  public let loss: ObjectiveKind
  /// Non-saturating by default; only minimax has both.
  public let generator: Minimax.GeneratorLoss
  /// Coefficient and centre of a penalty on the discriminator's gradient for its input.
  public let gradientPenalty: GradientPenalty?
  public let regularization: Regularization
  public let span: SourceSpan

  /// Whether the loss has the slope of the discriminator for each image in it.
  public var penalisesSlope: Bool {
    gradientPenalty != nil || regularization.r1 > 0 || regularization.r2 > 0
  }

  /// The losses of both networks; nil for a reconstruction.
  public var objective: (any Objective)? {
    loss.objective(generator: generator, smoothing: regularization.smoothing)
  }
}

extension ObjectiveSpec {
  /// Reads `objective: {loss: minimax, generator: non_saturating, gradient_penalty: 10}`.
  init(reading spec: inout OptionReader) {
    var options = spec.section("objective", help: "what both networks are trained for")
    let loss =
      options.choice(
        "loss", default: ObjectiveKind.minimax,
        help: "the loss of both networks; reconstruction makes an autoencoder of them")
      ?? .minimax
    let generator =
      options.choice(
        "generator", default: Minimax.GeneratorLoss.nonSaturating,
        help: "the generator's side of minimax") ?? .nonSaturating
    if loss != .minimax, options.has("generator") {
      options.report(
        Diagnostic(
          SpecCode.uselessOption,
          loss == .reconstruction
            ? "`reconstruction` has one loss for both networks; only minimax has several"
            : "`\(loss.rawValue)` has one loss for the generator; only minimax has two",
          at: options.span(of: "generator"),
          repairs: options.removal(of: "generator").map {
            [Repair("remove `generator`", .safe, [$0])]
          } ?? []))
    }
    let isGame = loss != .reconstruction
    let penalty = GradientPenalty(reading: &options)
    if !isGame, penalty != nil {
      options.report(
        Diagnostic(
          SpecCode.uselessOption,
          "`reconstruction` has no discriminator whose gradient could be penalised",
          at: options.span(of: "gradient_penalty"),
          repairs: options.removal(of: "gradient_penalty").map {
            [Repair("remove `gradient_penalty`", .safe, [$0])]
          } ?? []))
    }
    let regularization = Regularization(reading: &options)
    for (name, _) in regularization.options
    where !isGame || name == "smoothing" && loss != .minimax {
      options.report(
        Diagnostic(
          SpecCode.uselessOption,
          isGame
            ? "`\(loss.rawValue)` has no targets to smooth; only minimax has"
            : "`reconstruction` has no discriminator that could be held back",
          at: options.span(of: name),
          repairs: options.removal(of: name).map {
            [Repair("remove `\(name)`", .safe, [$0])]
          } ?? []))
    }
    self.init(
      loss: loss, generator: generator, gradientPenalty: isGame ? penalty : nil,
      regularization: regularization,
      span: options.has("loss") ? options.span(of: "loss") : options.span)
    spec.absorb(options)
  }
}

extension Augmentation {
  /// Reads `augment`, which an autoencoder cannot have.
  init(reading spec: inout OptionReader, for objective: ObjectiveSpec) {
    self.init(reading: &spec)
    guard objective.loss == .reconstruction, !options.isEmpty else { return }
    spec.report(
      Diagnostic(
        SpecCode.uselessOption,
        "`reconstruction` has no discriminator that could see changed images",
        at: spec.span(of: "augment"),
        repairs: spec.removal(of: "augment").map { [Repair("remove `augment`", .safe, [$0])] } ?? []
      ))
  }
}
