import Program

/// The critic's output is high for real images and low for generated ones, without bound.
///
/// Source: Arjovsky et al. 2017, algorithm 1.
public struct Wasserstein: Objective {
  public init() {}

  public func discriminatorLoss(
    real: Value, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    program.subtract(program.mean(fake), program.mean(real))
  }

  public func generatorLoss(
    real: Value?, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    program.negate(program.mean(fake))
  }
}
