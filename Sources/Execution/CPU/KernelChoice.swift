import Program

/// Which of the inner loops a plan takes.
public struct KernelChoice: Hashable, Sendable {
  public var algorithm: Plan.Algorithm
  public var isa: Plan.ISA

  public init(algorithm: Plan.Algorithm = .automatic, isa: Plan.ISA = .best) {
    self.algorithm = algorithm
    self.isa = isa
  }
}

extension Plan {
  /// Plans a program for the kernels chosen.
  public init(for program: Program, kernels: KernelChoice) throws(PlanError) {
    try self.init(for: program, isa: kernels.isa, algorithm: kernels.algorithm)
  }
}
