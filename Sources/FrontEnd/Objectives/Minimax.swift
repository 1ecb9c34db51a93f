import Program

/// The discriminator estimates the probability that an image is real.
///
/// Source: Goodfellow et al. 2014, equation 1; section 3 for the non-saturating form.
public struct Minimax: Objective {
  public let generator: GeneratorLoss
  /// What is taken from the target 1 of real images; see `Regularization`.
  public let smoothing: Double

  /// The generator's side of the game.
  public enum GeneratorLoss: String, Hashable, Sendable, CaseIterable {
    case nonSaturating = "non_saturating"
    case saturating
  }

  public init(generator: GeneratorLoss = .nonSaturating, smoothing: Double = 0) {
    self.generator = generator
    self.smoothing = smoothing
  }

  public func discriminatorLoss(
    real: Value, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    // −mean log σ(real) − mean log(1 − σ(fake)), with −log σ(x) = softplus(−x)
    var onReal = program.mean(program.softplus(program.negate(real)))
    if smoothing != 0 {
      // −(1 − s) log σ(real) − s log(1 − σ(real))
      onReal = program.add(
        program.scale(onReal, by: 1 - smoothing),
        program.scale(program.mean(program.softplus(real)), by: smoothing))
    }
    return program.add(onReal, program.mean(program.softplus(fake)))
  }

  public func generatorLoss(
    real: Value?, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    switch generator {
    case .nonSaturating:
      // −mean log σ(fake)
      program.mean(program.softplus(program.negate(fake)))
    case .saturating:
      // mean log(1 − σ(fake))
      program.negate(program.mean(program.softplus(fake)))
    }
  }
}
