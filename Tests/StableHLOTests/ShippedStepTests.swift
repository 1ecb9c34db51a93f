import CPU
import Compiler
import Device
import DeviceSupport
import Foundation
import Interchange
import LayerGraph
import Model
import Program
import Spec
import StableHLO
import TestSupport
import Testing
import Training

/// The training steps of all shipped specs as modules; `make test-devices` also runs them in the
/// plugin and in JAX.
@Suite struct ShippedStepTests {
  @Test(arguments: ShippedSpecs.names)
  func everyStepIsAModule(_ name: String) throws {
    let (spec, graph) = try compiled(name)
    for step in TrainingStep.all(of: spec, graph: graph, batch: StepReplay.batch) {
      let text = StableHLOModule(step.program, style: StableHLOStyle()).text
      #expect(text.split(separator: "\n").count > step.program.instructions.count)
    }
  }

  @Test(
    .enabled(if: TestedPlugin.path != nil), arguments: ShippedSpecs.names)
  func everyStepAgreesInThePlugin(_ name: String) throws {
    let expected = try StepReplay(name, on: CPUDevice.plain)
    let found = try StepReplay(name, on: try #require(TestedPlugin.devices.first))
    #expect(expected.runs.count == found.runs.count)
    for (expected, found) in zip(expected.runs, found.runs) {
      for (name, numbers) in expected.outputs {
        let other = try #require(found.outputs[name])
        let difference = zip(numbers, other).map { $0 - $1 }.rootMeanSquare
        #expect(difference <= StepReplay.largestError(of: numbers.rootMeanSquare), "\(name)")
      }
    }
  }

  private static let python = ProcessInfo.processInfo.environment["DCGAN_TEST_JAX"]
    .flatMap { $0.isEmpty ? nil : $0 }

  @Test(.enabled(if: python != nil), arguments: ShippedSpecs.names)
  func everyStepAgreesInJAX(_ name: String) throws {
    let folder = try TemporaryFolder()
    for run in try StepReplay(name, on: CPUDevice.plain).runs {
      let module = StableHLOModule(run.program, style: StableHLOStyle())
      let (modulePath, numbersPath) = (
        folder.path("step.mlir"), folder.path("numbers.safetensors")
      )
      try module.text.write(toFile: modulePath, atomically: true, encoding: .utf8)
      try run.write(to: numbersPath)
      let lines = try Self.output(of: [
        "python", StepReplay.script, modulePath, numbersPath,
      ]).split(separator: "\n")
      #expect(lines.count == run.program.outputs.count)
      for line in lines {
        let parts = line.split(separator: "\t")
        let difference = try #require(Float(parts[1]))
        let size = try #require(Float(parts[2]))
        #expect(difference <= StepReplay.largestError(of: size), "\(line)")
      }
    }
  }

  private static func output(of arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(python))
    process.arguments = Array(arguments.dropFirst())
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}

extension CPUDevice {
  /// Without fast convolutions, which round more.
  fileprivate static var plain: CPUDevice {
    CPUDevice(threads: 2, kernels: KernelChoice(algorithm: .direct))
  }
}

private func compiled(_ name: String) throws -> (Spec, LayerGraph) {
  let compilation = try Compilation(SpecLocator().spec(for: name))
  return (try #require(compilation.spec), try #require(compilation.graph))
}

/// One step of each kind that a shipped spec takes, from its start, on a device.
private struct StepReplay {
  /// Images in a step: enough for statistics, and quick.
  static let batch = 8

  static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../scripts/jax-step").path

  private(set) var runs: [Run] = []

  struct Run {
    let program: Program
    let key: RandomKey
    let inputs: [String: [Float]]
    let outputs: [String: [Float]]

    func write(to path: String) throws {
      let arguments = program.inputs.map { input in
        SafetensorsEntry(
          "in.\(input.name)", shape: input.shape.dimensions, floats: inputs[input.name] ?? [])
      }
      let key = SafetensorsEntry(
        "in.random key", shape: [2], integers: [Int64(key.seed), Int64(key.step)])
      let results = program.outputs.map { output in
        SafetensorsEntry(
          "out.\(output.name)", shape: program[output.value].shape.dimensions,
          floats: outputs[output.name] ?? [])
      }
      try SafetensorsFile.write(arguments + [key] + results, metadata: [:], to: path)
    }
  }

  init(_ name: String, on device: any Device) throws {
    let (spec, graph) = try compiled(name)
    let session = try TrainingSession(spec: spec, graph: graph, device: device, batch: Self.batch)
    try session.initialize()
    // Adam makes a whole step of a gradient that is nearly 0, whichever its sign: with learning rates
    // of 0 the generator's part sees the same discriminator everywhere. The moments are compared.
    session.learns = false
    let pixels = spec.image.height * spec.image.width * spec.image.channels
    for kind in 0..<session.needsImages.count {
      if session.state.contains(TensorName.real) {
        try session.setImages(Self.images(pixels, turn: kind, in: spec.image))
      }
      if let classes = spec.condition?.classes {
        try session.setLabels((0..<Self.batch).map { $0 % classes }, classes: classes)
      }
      let program = session.nextProgram.program
      let loaded = session.nextProgram
      var inputs: [String: [Float]] = [:]
      for input in program.inputs { inputs[input.name] = try session.state.read(input.name) }
      let key = RandomKey(seed: spec.train.seed, step: UInt64(session.position.step))
      _ = try session.run()
      var outputs: [String: [Float]] = [:]
      for output in program.outputs { outputs[output.name] = try loaded.output(output.name) }
      // The learning rates are written when the step begins.
      for input in program.inputs where outputs[input.name] == nil {
        inputs[input.name] = try session.state.read(input.name)
      }
      runs.append(Run(program: program, key: key, inputs: inputs, outputs: outputs))
    }
  }

  /// Images of random pixels: regular ones would leave batchnorm channels that hardly vary.
  private static func images(_ pixels: Int, turn: Int, in image: ImageSpec) -> [Float] {
    let numbers = RandomStream(key: RandomKey(seed: 5, step: UInt64(turn)), stream: 0)
    let range = image.pixelRange
    return (0..<batch * pixels).map { place in
      range.lowerBound + (range.upperBound - range.lowerBound) * numbers.uniform(at: place)
    }
  }

  /// Of two ways to add in `Float`, as root mean squares; `size` is that of the numbers.
  ///
  /// Most tensors agree to 2e-6. One activation that lies so near 0 that it changes its sign changes
  /// all gradients of its layer by up to 5e-3 (faces64: the plugin's agree with those of Winograd
  /// convolutions to 1e-6 there); a wrong operation changes them by their own size. The last bias's
  /// gradient is the small rest of large numbers.
  static func largestError(of size: Float) -> Float { max(1e-2 * size, 1e-5) }
}

extension [Float] {
  fileprivate var rootMeanSquare: Float {
    isEmpty ? 0 : (reduce(0) { $0 + $1 * $1 } / Float(count)).squareRoot()
  }
}
