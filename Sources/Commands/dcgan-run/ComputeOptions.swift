import ArgumentParser
import CPU
import Device
import Foundation
import Reference

/// How to compute: what every command of `dcgan-run` takes.
struct ComputeOptions: ParsableArguments {
  @Option(help: "The device to compute with.")
  var device = DeviceKind.cpu

  @Option(
    help: "Threads of the CPU; results do not depend on it. (default: one per processor)")
  var threads: Int?

  @Option(
    help: """
      How the CPU computes convolutions; winograd2 and winograd4 apply where they save work. \
      (default: automatic)
      """)
  var algorithm: Plan.Algorithm?

  @Option(
    help: "Instruction set of the CPU; results can differ in the last digits. (default: the widest)"
  )
  var isa: Plan.ISA?

  // What users of other programs try.
  @Flag(name: [.customLong("cuda"), .customLong("gpu")], help: .hidden)
  var wantsGPU = false

  func validate() throws {
    if wantsGPU {
      throw ValidationError(
        "--cuda, --gpu: this version has no GPU device; leave the option out to compute on the "
          + "CPU")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads): expected a number from 1 to 1024")
    }
    if let isa, !isa.isAvailable {
      throw ValidationError("--isa \(isa.rawValue): \(PlanError.lacking(isa))")
    }
    let given = [("threads", threads != nil), ("algorithm", algorithm != nil), ("isa", isa != nil)]
    if device == .reference, let option = given.first(where: \.1)?.0 {
      throw ValidationError(
        "--\(option): an option of the CPU; remove it, or `--device reference`")
    }
  }

  /// The device as a value that programs can be loaded on.
  var chosenDevice: any Device {
    switch device {
    case .cpu:
      CPUDevice(
        threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
        kernels: KernelChoice(algorithm: algorithm ?? .automatic, isa: isa ?? .best))
    case .reference: ReferenceDevice<Float>()
    }
  }
}

/// The devices that this program knows: the one list of them.
enum DeviceKind: String, CaseIterable, ExpressibleByArgument {
  /// This machine's processor.
  case cpu
  /// The plain interpreter: slow, and right by definition.
  case reference
}

extension Plan.Algorithm: ExpressibleByArgument {}
extension Plan.ISA: ExpressibleByArgument {}
