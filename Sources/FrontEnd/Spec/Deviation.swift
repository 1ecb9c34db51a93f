import Decoding
import Diagnostics
import Document

/// A guideline that a spec deviates from on purpose, and why.
public struct Deviation: Hashable, Sendable {
  /// Checked against the known guidelines where these are checked.
  public let code: String
  public let reason: String
  /// Where the code stands.
  public let span: SourceSpan
  /// Takes it out of the file; nil where that would touch something else.
  public let removal: Repair.Edit?
}

extension Deviation {
  /// Reads `deviations: {G505: "why"}`.
  static func all(reading spec: inout OptionReader) -> [Deviation] {
    let node = spec.node(
      "deviations", takes: .map(of: .text),
      help: "intentional deviations from guidelines, each with its reason")
    guard let node else { return [] }
    guard case .mapping(let mapping) = node else {
      if node.kindName != "nothing" {
        spec.report(
          .wrongForm(
            "`deviations` is a map of codes and reasons, found \(node.words)", at: node.span,
            help: ["write `deviations: {G505: \"why\"}`"]))
      }
      return []
    }
    return mapping.entries.compactMap { entry in
      guard case .scalar(let reason) = entry.value, !reason.text.allSatisfy(\.isWhitespace) else {
        spec.report(
          Diagnostic(
            SpecCode.missingReason,
            "`\(entry.key.text)` is declared as a deviation without a reason",
            at: entry.key.span, help: ["write `\(entry.key.text): \"why\"`"]))
        return nil
      }
      let removal =
        mapping.entries.count > 1
        ? mapping.removal(of: entry.key.text) : spec.removal(of: "deviations")
      return Deviation(
        code: entry.key.text, reason: reason.text, span: entry.key.span, removal: removal)
    }
  }
}
