import Program

/// As Wasserstein, but outputs beyond the margin of 1 no longer change the critic.
///
/// Source: Lim and Ye 2017, section 3.
public struct Hinge: Objective {
  public init() {}

  public func discriminatorLoss(
    real: Value, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    // mean max(0, 1 − real) + mean max(0, 1 + fake)
    let onReal = beyondMargin(program.negate(real), in: &program)
    return program.add(onReal, beyondMargin(fake, in: &program))
  }

  public func generatorLoss(
    real: Value?, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    program.negate(program.mean(fake))
  }

  /// mean max(0, 1 + x), with slope 0 at 0.
  private func beyondMargin(_ x: Value, in program: inout ProgramBuilder) -> Value {
    let distance = program.offset(x, by: 1)
    let zero = program.constant(0, program.shape(of: distance))
    return program.mean(program.maximum(distance, zero))
  }
}
