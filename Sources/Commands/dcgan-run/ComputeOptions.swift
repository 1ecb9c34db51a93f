import ArgumentParser
import Foundation
import CPU

/// How to compute: what every command of `dcgan-run` takes.
struct ComputeOptions: ParsableArguments {
  @Option(help: "Threads to compute with; the results do not depend on it.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "How to convolve; winograd2 and winograd4 where they save products.")
  var algorithm = Plan.Algorithm.automatic

  @Option(help: "Instructions to compute with. (default: the widest of this processor)")
  var isa: Plan.ISA?

  func validate() throws {
    if !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads): expected a number from 1 to 1024")
    }
    if let isa, !isa.isAvailable {
      throw ValidationError("--isa \(isa.rawValue): \(PlanError.lacking(isa))")
    }
  }

  var kernels: KernelChoice { KernelChoice(algorithm: algorithm, isa: isa ?? .best) }
}

extension Plan.Algorithm: ExpressibleByArgument {}
extension Plan.ISA: ExpressibleByArgument {}
