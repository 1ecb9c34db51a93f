import Diagnostics
import Spec

/// A spec file after the repairs that its diagnostics propose.
public struct RepairedFile: Sendable {
  public let original: SourceFile
  public let file: SourceFile
  /// What was done, in the order of the rounds and positions.
  public let applied: [Applied]

  public struct Applied: Sendable, Hashable {
    public let code: DiagnosticCode
    public let line: Int
    public let title: String
  }

  public var isChanged: Bool { file.bytes != original.bytes }

  /// As `diff -u` writes it; empty where nothing changes.
  public var diff: String { unifiedDiff(from: original, to: file) }

  /// Repairs appear one after the other: a YAML problem hides those of the values.
  private static let mostRounds = 32

  /// Applies repairs until nothing changes.
  ///
  /// Of those that overlap, the first is made; the others get their turn in the next round, if they
  /// still apply. Only `file` itself is changed, never its parents. A round that would leave text
  /// that cannot be read is not made.
  public init(
    _ file: SourceFile, upTo safety: Repair.Safety,
    diagnostics: (SourceFile) -> [Diagnostic] = { Compilation($0).diagnostics }
  ) {
    original = file
    var (current, found) = (file, diagnostics(file))
    var applied: [Applied] = []
    var seen: Set<[UInt8]> = [file.bytes]
    for _ in 0..<Self.mostRounds {
      let round = Round(of: found.sortedByPosition, in: current, upTo: safety)
      if round.edits.isEmpty { break }
      let next = current.applying(round.edits)
      let left = diagnostics(next)
      let isWorse = left.count(where: \.isUnreadable) > found.count(where: \.isUnreadable)
      guard !isWorse, seen.insert(next.bytes).inserted else { break }
      applied += round.applied
      (current, found) = (next, left)
    }
    self.file = current
    self.applied = applied
  }
}

/// The repairs that can be made at once.
private struct Round {
  var edits: [Repair.Edit] = []
  var applied: [RepairedFile.Applied] = []

  init(of diagnostics: [Diagnostic], in file: SourceFile, upTo safety: Repair.Safety) {
    for diagnostic in diagnostics {
      guard let repair = diagnostic.repair(upTo: safety),
        repair.edits.allSatisfy({ $0.span.file.path == file.path })
      else { continue }
      // Two diagnostics may ask for the same.
      let new = repair.edits.filter { !edits.contains($0) }
      guard new.allSatisfy({ edit in !edits.contains { $0.overlaps(edit) } }) else { continue }
      edits += new
      applied.append(
        .init(
          code: diagnostic.code, line: diagnostic.primary.span.start.line, title: repair.title))
    }
  }
}

extension Repair.Edit {
  /// Two insertions at one place overlap too: their order would be a guess.
  fileprivate func overlaps(_ other: Repair.Edit) -> Bool {
    span.start == other.span.start
      || span.start < other.span.end && other.span.start < span.end
  }
}

extension Diagnostic {
  /// Whether it is about the text, so that nothing after it was looked at.
  fileprivate var isUnreadable: Bool { code.rawValue.hasPrefix("Y") && severity == .error }
}
