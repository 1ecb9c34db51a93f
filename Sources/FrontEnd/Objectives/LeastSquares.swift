import Program

/// The discriminator's output is drawn to 1 for real images and to 0 for generated ones.
///
/// Source: Mao et al. 2017, equation 9 (a = 0, b = c = 1).
public struct LeastSquares: Objective {
  /// ½ in the source.
  public let scale: Double

  public init(scale: Double = 0.5) { self.scale = scale }

  public func discriminatorLoss(
    real: Value, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    // scale · (mean (real − 1)² + mean fake²)
    let onReal = program.mean(program.square(program.offset(real, by: -1)))
    return program.scale(
      program.add(onReal, program.mean(program.square(fake))), by: scale)
  }

  public func generatorLoss(
    real: Value?, fake: Value, in program: inout ProgramBuilder
  ) -> Value {
    // scale · mean (fake − 1)²
    program.scale(program.mean(program.square(program.offset(fake, by: -1))), by: scale)
  }
}
