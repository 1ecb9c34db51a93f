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

  @Test func thereAreNoOtherDevices() throws {
    let client = try #require(TestedPlugin.client)
    let count = client.devices.count
    #expect(
      throws: DeviceProblem.unable(
        reason: "there is no device \(count); the plugin has \(count), from 0")
    ) { try PJRTDevice(client, name: "x", index: count) }
  }
}
