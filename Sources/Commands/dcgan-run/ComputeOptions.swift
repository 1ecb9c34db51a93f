import ArgumentParser
import CPU
import Device
import Files
import Foundation
import PJRT
import Reference
import StableHLO

/// How to compute: what every command of `dcgan-run` takes.
struct ComputeOptions: ParsableArguments {
  @Option(help: "The device to compute with; see `dcgan-run devices`.")
  var device = DeviceChoice.kind(.cpu)

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

  @Option(
    help: """
      Products on a device of a plugin: full is 32 bits; fast is what its hardware does quickest, \
      such as tf32. (default: full)
      """)
  var precision: StableHLOStyle.Precision?

  // What users of other programs try.
  @Flag(name: [.customLong("cuda"), .customLong("gpu")], help: .hidden)
  var wantsGPU = false

  func validate() throws {
    if wantsGPU { throw ValidationError("--cuda, --gpu: write `--device cuda`") }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads): expected a number from 1 to 1024")
    }
    if let isa, !isa.isAvailable {
      throw ValidationError("--isa \(isa.rawValue): \(PlanError.lacking(isa))")
    }
    let given = [("threads", threads != nil), ("algorithm", algorithm != nil), ("isa", isa != nil)]
    if device != .kind(.cpu), let option = given.first(where: \.1)?.0 {
      throw ValidationError(
        "--\(option): an option of the CPU; remove it, or `--device \(device.description)`")
    }
    if precision != nil, !device.isPlugin {
      throw ValidationError(
        "--precision: an option of plugins; name one with --device, or remove it")
    }
  }

  /// The device as a value that programs can be loaded on; a plugin is loaded here.
  var chosenDevice: any Device {
    get throws {
      switch device {
      case .kind(.cpu):
        CPUDevice(
          threads: threads ?? Self.defaultThreads,
          kernels: KernelChoice(algorithm: algorithm ?? .automatic, isa: isa ?? .best))
      case .kind(.reference): ReferenceDevice<Float>()
      case .kind(.plugin(let kind)): try pluginDevice(PluginPlaces().plugin(kind))
      case .file(let path): try pluginDevice(path)
      }
    }
  }

  /// One for each processor that this process may use, but no more than its share of the machine's.
  private static var defaultThreads: Int {
    min(Processors.usable, Processes.processorShare)
  }

  private func pluginDevice(_ path: String) throws(DeviceProblem) -> PJRTDevice {
    let client = try PJRTClient(PJRTPlugin(path: path))
    // Processes on the same machine take its devices in turn.
    let index = (Processes.local?.rank ?? 0) % client.devices.count
    return try PJRTDevice(
      client, name: device.description, index: index, precision: precision ?? .full)
  }
}

extension Plan.Algorithm: ExpressibleByArgument {}
extension Plan.ISA: ExpressibleByArgument {}
extension StableHLOStyle.Precision: ExpressibleByArgument {}
