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

  /// The losses of both networks; nil for what is no game.
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
        help:
          "the loss of both networks; reconstruction makes an autoencoder of them, classification "
          + "a classifier of the discriminator alone")
      ?? .minimax
    let generator =
      options.choice(
        "generator", default: Minimax.GeneratorLoss.nonSaturating,
        help: "the generator's side of minimax") ?? .nonSaturating
    if loss != .minimax, options.has("generator") {
      options.report(
        Diagnostic(
          SpecCode.uselessOption,
          loss.isGame
            ? "`\(loss.rawValue)` has one loss for the generator; only minimax has two"
            : "`\(loss.rawValue)` has one loss; only minimax has several",
          at: options.span(of: "generator"),
          repairs: options.removal(of: "generator").map {
            [Repair("remove `generator`", .safe, [$0])]
          } ?? []))
    }
    let isGame = loss.isGame
    let penalty = GradientPenalty(reading: &options)
    if !isGame, penalty != nil {
      options.report(
        Diagnostic(
          SpecCode.uselessOption,
          "`\(loss.rawValue)` plays no game in which a gradient could be penalised",
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
            : "`\(loss.rawValue)` plays no game in which a discriminator could be held back",
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

extension ObjectiveSpec {
  /// The loss that a spec asks for, before its sections are read.
  static func writtenLoss(in spec: OptionReader) -> ObjectiveKind? {
    guard case .mapping(let objective) = spec.written("objective"),
      case .scalar(let loss) = objective["loss"]
    else { return nil }
    return ObjectiveKind(rawValue: loss.text)
  }
}

extension ObjectiveKind {
  /// Reports what only a generator needs, where there is none.
  func refuseUnusedKeys(of spec: inout OptionReader) {
    guard !hasGenerator else { return }
    for key in ["latent", NetworkRole.generator.rawValue] where spec.has(key) {
      _ = spec.node(key)
      spec.report(
        Diagnostic(
          SpecCode.uselessOption, "`\(rawValue)` has no generator, and needs no `\(key)`",
          at: spec.span(of: key),
          repairs: spec.removal(of: key).map { [Repair("remove `\(key)`", .safe, [$0])] } ?? []))
    }
  }

  /// The same in the section `train`.
  func refuseUnusedTraining(_ train: inout OptionReader) {
    guard !hasGenerator else { return }
    for key in ["updates", NetworkRole.generator.rawValue] where train.has(key) {
      train.report(
        Diagnostic(
          SpecCode.uselessOption, "`\(rawValue)` trains one network, and needs no `\(key)`",
          at: train.span(of: key),
          repairs: train.removal(of: key).map { [Repair("remove `\(key)`", .safe, [$0])] } ?? []))
    }
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
