import Compiler
import Diagnostics
import Document
import Foundation
import Spec
import Testing

/// `Specs/Faulty`: one spec for each code, with everything that the compiler says to it.
///
/// `make faulty` writes the expectations anew; read what changed.
@Suite struct FaultySpecsTests {
  @Test(arguments: CodeTables.shownBySpecs.map(\.code.rawValue))
  func isSaidAsExpected(code: String) throws {
    let compilation = try FaultySpec(code).compilation
    #expect(compilation.diagnostics.map(\.code.rawValue).contains(code))
    try FaultySpec(code).expect(try FaultySpec(code).transcript)
  }

  @Test(arguments: CodeTables.shownBySpecs.map(\.code.rawValue), Repair.Safety.allCases)
  func repairsMendWhatTheyAreFor(code: String, safety: Repair.Safety) throws {
    let file = try FaultySpec(code).file
    let before = Compilation(file).diagnostics
    let repairable = Set(before.filter { $0.repair(upTo: safety) != nil }.map(\.code))
    let repaired = RepairedFile(file, upTo: safety)
    let left = Compilation(repaired.file).diagnostics
    #expect(repairable.isDisjoint(with: left.map(\.code)))
    #expect(repaired.isChanged == !repairable.isEmpty)
    // Once more changes nothing.
    #expect(!RepairedFile(repaired.file, upTo: safety).isChanged)
  }

  @Test func nothingIsLeftOverInTheFolder() throws {
    let codes = Set(CodeTables.shownBySpecs.map(\.code.rawValue))
    let names = try FileManager.default.contentsOfDirectory(atPath: FaultySpec.folder.path)
    for name in names {
      #expect(codes.contains(String(name.prefix { $0 != "." })), "\(name) is of no code")
    }
  }
}

/// A file of `Specs/Faulty`, or what is made in its place where it would be too long to keep.
struct FaultySpec {
  let code: String

  init(_ code: String) { self.code = code }

  static let folder = packageFolder.appendingPathComponent("Specs/Faulty")

  var file: SourceFile {
    get throws {
      let path = Self.folder.appendingPathComponent("\(code).yaml").path
      switch code {
      case YAMLCode.tooLarge.rawValue, YAMLCode.tooManyValues.rawValue,
        YAMLCode.tooLong.rawValue:
        return SourceFile(path: path, text: YAMLCode(rawValue: code)?.entry.example ?? "")
      default:
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        return SourceFile(path: path, bytes: [UInt8](bytes))
      }
    }
  }

  /// What the command line sets where that is what is wrong.
  private var set: [String] {
    code == SpecCode.unknownSetting.rawValue ? ["trian.batch=64"] : []
  }

  var compilation: Compilation {
    get throws { Compilation(try file, settings: CommandLineSettings(set.map { .set($0) })) }
  }

  /// What the check says, and what `--fix --diff` shows, also with `--unsafe` where that differs.
  var transcript: String {
    get throws {
      let file = try file
      let command =
        "$ dcgan-compile \(code).yaml --check" + set.map { " --set \($0)" }.joined()
      var parts = ["\(command)\n" + (try compilation).report(.text) + "\n"]
      let safe = RepairedFile(file, upTo: .safe)
      if safe.isChanged { parts.append("$ dcgan-compile \(code).yaml --diff\n" + safe.diff) }
      let all = RepairedFile(file, upTo: .unsafe)
      if all.file.bytes != safe.file.bytes {
        parts.append("$ dcgan-compile \(code).yaml --diff --unsafe\n" + all.diff)
      }
      return parts.joined(separator: "\n").replacing(Self.folder.path + "/", with: "")
    }
  }

  func expect(_ text: String) throws {
    let url = Self.folder.appendingPathComponent("\(code).txt")
    if ProcessInfo.processInfo.environment["DCGAN_UPDATE"] != nil {
      try Data(text.utf8).write(to: url)
    }
    let expected = try String(contentsOf: url, encoding: .utf8)
    #expect(text == expected, "`make faulty` writes it anew")
  }
}
