import Compiler
import Diagnostics
import Foundation
import Spec
import Testing

/// A suggestion, followed to the letter, leaves a spec that is better by every check.
@Suite struct BetterSpecTests {
  /// Whether a problem keeps others from being seen.
  private func hides(_ diagnostic: Diagnostic) -> Bool {
    diagnostic.severity == .error && diagnostic.code.rawValue.hasPrefix("Y")
  }

  /// How bad a spec is: unreadable text, errors, warnings, advice, notes.
  private func badness(_ diagnostics: [Diagnostic]) -> [Int] {
    let hidden = diagnostics.count { hides($0) }
    // Errors of one stage hide those of the next: shapes are inferred of what can be decoded.
    let decoding = diagnostics.count {
      $0.severity == .error && "SE".contains($0.code.rawValue.prefix(1))
    }
    let shapes = diagnostics.count { $0.severity == .error && $0.code.rawValue.hasPrefix("T") }
    return [hidden, decoding, shapes]
      + [Diagnostic.Severity.error, .warning, .advice, .note].map { severity in
        diagnostics.count { $0.severity == severity }
      }
  }

  /// What is worse after a repair than before; nil where the spec is better.
  private func regression(_ repair: Repair, of file: SourceFile, _ before: [Diagnostic]) -> String?
  {
    guard repair.edits.allSatisfy({ $0.span.file.path == file.path }) else { return nil }
    let repaired = file.applying(repair.edits)
    let after = Compilation(repaired).diagnostics
    // What one problem has hidden may come to light in its place, but no more than that.
    let isWorse = badness(before).lexicographicallyPrecedes(badness(after))
    let isBetter = !isWorse && after != before
    return isBetter
      ? nil
      : "\(repair.title): \(before.map(\.message)) became \(after.map { "\($0.code) \($0.message)" })"
  }

  private func check(_ file: SourceFile) {
    let before = Compilation(file).diagnostics
    for diagnostic in before.prefix(12) {
      for repair in diagnostic.repairs.prefix(2) {
        if let regression = regression(repair, of: file, before) {
          Issue.record("\(diagnostic.code) \(file.path): \(regression)")
        }
      }
    }
  }

  @Test(arguments: CodeTables.shownBySpecs.map(\.code.rawValue))
  func everyRepairOfAFaultySpecMakesItBetter(_ code: String) throws {
    check(try FaultySpec(code).file)
  }

  private static let shipped: [SourceFile] = {
    let folder = packageFolder.appendingPathComponent("Specs")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().compactMap {
      try? SourceFile.read(path: folder.appendingPathComponent($0).path)
    }
  }()

  /// A letter is lost, doubled, swapped or another one, as a hand slips.
  @Test(arguments: 0..<800)
  func everyRepairOfAMutantMakesItBetter(_ number: Int) throws {
    var random = SplitMix(state: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    let file = Self.shipped[number % Self.shipped.count]
    var text = Array(String(decoding: file.bytes, as: UTF8.self))
    let place = Int(random.next() % UInt64(text.count - 2))
    switch random.next() % 5 {
    case 0: text.remove(at: place)
    case 1: text.insert(text[place], at: place)
    case 2: text.swapAt(place, place + 1)
    case 3: text[place] = ["7", "x", ":", " ", "[", ",", "-"][Int(random.next() % 7)]
    default: text[place] = "1"
    }
    check(SourceFile(path: file.path, text: String(text)))
  }
}

/// Steele, Lea and Flood 2014: any numbers will do, but the same ones each time.
private struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
