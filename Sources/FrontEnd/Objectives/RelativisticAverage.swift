import Program

/// The discriminator estimates how much more real a real image is than generated ones on average, and
/// the other way round; both sides of it are in both losses.
///
/// Source: Jolicoeur-Martineau 2018, section 4.2 (RaSGAN).
public struct RelativisticAverage: Objective {
  public init() {}

  public var generatorReadsReal: Bool { true }

  public func discriminatorLoss(
    real: Value, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    losses(up: real, down: fake, in: &program)
  }

  public func generatorLoss(
    real: Value?, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    guard let real else { preconditionFailure("a relativistic loss without real logits") }
    return losses(up: fake, down: real, in: &program)
  }

  /// ½ (mean −log σ(up − mean down) + mean −log(1 − σ(down − mean up))).
  private func losses(up: Value, down: Value, in program: inout ProgramBuilder) -> Value {
    let above = relative(up, to: down, in: &program)
    let below = relative(down, to: up, in: &program)
    let onUp = program.mean(program.softplus(program.negate(above)))
    return program.scale(
      program.add(onUp, program.mean(program.softplus(below))), by: 0.5)
  }

  private func relative(
    _ logits: Value, to others: Value, in program: inout ProgramBuilder
  ) -> Value {
    let mean = program.mean(others)
    return program.subtract(
      logits, program.broadcast(mean, to: program.shape(of: logits), axes: []))
  }
}
