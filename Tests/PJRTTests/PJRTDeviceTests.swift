import Collective
import Device
import DeviceSupport
import Foundation
import Program
import TestSupport
import Testing

@testable import PJRT

/// What only a real plugin shows; `make test-devices` names one.
@Suite(.enabled(if: TestedPlugin.path != nil)) struct PJRTDeviceTests {
  private static func doubling(_ shape: Shape) -> Program {
    var builder = ProgramBuilder()
    let x = builder.input("x", shape)
    let next = builder.scale(x, by: 2)
    return builder.program(outputs: [("x", next)])
  }

  /// A program that the plugin cannot compile is a problem with the plugin's words; the state stays.
  @Test func aFailedCompilationIsAProblem() throws {
    let client = try #require(TestedPlugin.client)
    #expect {
      try PJRTExecutable(compiling: "module {", on: client)
    } throws: { error in
      "\(error)".contains("the program cannot be compiled: ")
        && "\(error)".hasPrefix(client.plugin.path)
    }
  }

  /// An executable outlives its process as bytes; what is no executable is not taken.
  @Test func executablesComeBackFromBytes() throws {
    let client = try #require(TestedPlugin.client)
    let text = """
      module @twice {
        func.func public @main(%x: tensor<2xf32>) -> tensor<2xf32> {
          %y = stablehlo.add %x, %x : tensor<2xf32>
          return %y : tensor<2xf32>
        }
      }
      """
    let bytes = try #require(
      try PJRTExecutable(compiling: text, on: client).bytes)
    #expect(PJRTExecutable(bytes: bytes, on: client) != nil)
  }

  @Test func aStateIsDonatedFromRunToRun() throws {
    let device = try #require(TestedPlugin.devices.first)
    let state = try device.makeState()
    let loaded = try state.load(Self.doubling([3]))
    try state.write([1, 2, 3] as [Float], to: "x")
    for _ in 0..<5 { try loaded.run(key: RandomKey(seed: 0, step: 0)) }
    #expect(try state.read("x") == [32, 64, 96])
    #expect(try loaded.output("x") == [32, 64, 96])
    #expect(state.bytes == 12)
  }

  /// y = x of the first device + 2 · x of the second + …, on each; y is a tensor, z = −y is not.
  @Test(arguments: [1, 2, 4]) func devicesShareAProgram(_ count: Int) async throws {
    let client = try #require(TestedPlugin.client)
    guard count <= client.devices.count else { return }
    var builder = ProgramBuilder()
    let x = builder.input("x", [count, 3])
    var sum = builder.constant(0, [3])
    for place in 0..<count {
      let row = builder.reshape(builder.slice(x, start: [place, 0], limit: [place + 1, 3]), [3])
      sum = builder.add(sum, builder.scale(row, by: Double(place + 1)))
    }
    let negative = builder.negate(sum)
    let program = builder.program(outputs: [("y", sum), ("z", negative)])
    var expected: [Float] = [0, 0, 0]
    for place in 0..<count {
      for element in 0..<3 { expected[element] += Float((place + 1) * (10 * place + element)) }
    }

    let devices = try PJRTDevice(client, name: "plugin").group(of: count)
    let found = await Together.run(count) { process -> [[Float]] in
      // Threads that wait for each other do not fail.
      try! Self.shared(program, on: devices[process.rank], process, runs: 2)
    }
    #expect(found == Array(repeating: [expected, expected.map { -$0 }], count: count))
  }

  /// y and z after some runs.
  private static func shared(
    _ program: Program, on device: PJRTDevice, _ process: any Collective, runs: Int
  ) throws -> [[Float]] {
    let state = try device.makeState()
    let double = try state.load(doubling([3]))
    var reader = ProgramBuilder()
    let y = reader.input("y", [3])
    _ = try state.load(reader.program(outputs: [("w", y)]))
    #expect(state.sharers == process.count)
    let loaded = try state.loadShared(program)
    for _ in 0..<runs {
      let half = (0..<3).map { Float(10 * process.rank + $0) / 2 }
      try state.write(half, to: "x")
      try double.run(key: RandomKey(seed: 0, step: 0))
      try loaded.run(
        meet: { () throws(CollectiveProblem) in try process.meet() },
        wrap: { .failed(reason: "\($0)") })
    }
    return [try state.read("y"), try loaded.output("z")]
  }

  @Test func thereAreNoOtherDevices() throws {
    let client = try #require(TestedPlugin.client)
    let count = client.devices.count
    #expect(
      throws: DeviceProblem.unable(
        reason: "there is no device \(count); the plugin has \(count), from 0")
    ) { try PJRTDevice(client, name: "x", index: count) }
  }
}
