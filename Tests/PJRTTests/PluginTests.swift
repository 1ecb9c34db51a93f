import Device
import Foundation
import TestSupport
import Testing

@testable import PJRT

/// What is not a plugin, or not one that can be used, is refused with its name and the reason.
@Suite struct PluginTests {
  private static func problem(_ path: String) -> String? {
    do {
      _ = try PJRTClient(PJRTPlugin(path: path))
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func filesThatAreNoLibrariesAreNotLoaded() throws {
    let folder = try TemporaryFolder()
    let text = try folder.write(String(repeating: "no library ", count: 20), to: "a.so")
    #expect(
      Self.problem(text)
        == "\(text) is no shared library; a PJRT plugin is one, with the ending .so")
    let empty = try folder.write("", to: "b.so")
    #expect(Self.problem(empty)?.contains("is no shared library") == true)
    let none = folder.path("none.so")
    #expect(Self.problem(none) == "cannot open \(none): No such file or directory")
    #expect(Self.problem(folder.path) == "\(folder.path) is not a regular file")
  }

  @Test func otherLibrariesAreNotLoaded() throws {
    let folder = try TemporaryFolder()
    let library = try FakePlugin.build(.none, in: folder, symbol: "GetOtherApi")
    #expect(
      Self.problem(library) == "\(library) is no PJRT plugin: it has no symbol GetPjrtApi")
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: library)))
    bytes[18] = 0xF3  // RISC-V
    let other = try folder.write(bytes, to: "other.so")
    #expect(
      Self.problem(other)
        == "\(other) is a library for another processor (machine 243 in its header)")
  }

  /// A library that ends early, at every place of its headers and at some behind them.
  @Test func cutLibrariesAreRefused() throws {
    let folder = try TemporaryFolder()
    let library = try FakePlugin.build(.none, in: folder)
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: library)))
    for count in Array(0..<1200) + Array(stride(from: 1200, to: 4096, by: 97)) {
      let cut = try folder.write(Array(bytes[..<count]), to: "cut.so")
      #expect(throws: PluginFile.Fault.self) { try PluginFile.check(cut) }
    }
    try PluginFile.check(library)
  }

  @Test(arguments: FakePlugin.Fault.allCases)
  func tablesAreCheckedBeforeTheyAreUsed(_ fault: FakePlugin.Fault) throws {
    let folder = try TemporaryFolder()
    let library = try FakePlugin.build(fault, in: folder)
    #expect(Self.problem(library) == "\(library): \(fault.sentence)")
  }
}

/// Compiles `FakePlugin.c`.
enum FakePlugin {
  enum Fault: String, CaseIterable {
    case none
    case nullTable = "null_table"
    case wildTable = "wild_table"
    case oddVersion = "odd_version"
    case oldVersion = "old_version"
    case shortTable = "short_table"
    case missingFunction = "missing_function"
    case wildFunction = "wild_function"
    case failingStart = "failing_start"
    case failingClient = "failing_client"

    var sentence: String {
      let unusable = "is no PJRT plugin that can be used: "
      return switch self {
      case .none: "the plugin finds no device on this machine"
      case .nullTable, .wildTable: unusable + "GetPjrtApi gives no table"
      case .oddVersion:
        unusable + "it has version 7.115 of the interface, 0.57 or later is needed"
      case .oldVersion: unusable + "it has version 0.21 of the interface, 0.57 or later is needed"
      case .shortTable:
        unusable + "its table of 120 bytes is shorter than the 608 that are needed"
      case .missingFunction: unusable + "place 20 of its table holds no function"
      case .wildFunction: unusable + "place 55 of its table holds no function"
      case .failingStart: "its start failed: the card is ␛[31mbusy"
      case .failingClient: "the device cannot be used: the card is ␛[31mbusy"
      }
    }
  }

  static func build(
    _ fault: Fault, in folder: TemporaryFolder, symbol: String = "GetPjrtApi"
  ) throws -> String {
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("FakePlugin.c").path
    let library = folder.path("fake_\(fault.rawValue).so")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "exec $(command -v clang || command -v cc || command -v gcc) \"$@\"", "-", "-shared",
      "-fPIC", "-DFAULT=\(fault.rawValue)", "-DGetPjrtApi=\(symbol)", "-o",
      library, source,
    ]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return library
  }
}
