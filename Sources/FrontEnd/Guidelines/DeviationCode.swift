import Diagnostics

/// What can be wrong with `deviations`.
public enum DeviationCode: String, CodeTable {
  case needless = "G590"
  case unknown = "G591"

  public var severity: Diagnostic.Severity {
    switch self {
    case .needless: .warning
    case .unknown: .error
    }
  }

  public var entry: CodeEntry {
    switch self {
    case .needless:
      CodeEntry(
        "a deviation that has no effect",
        "The spec already satisfies the guideline. The declaration would hide a later deviation from it.",
        example: "deviations: {G505: \"a reason that no longer applies\"}")
    case .unknown:
      CodeEntry(
        "a deviation from no known guideline",
        "The keys of `deviations` are the codes of guidelines.",
        example: "deviations: {G999: \"why\"}")
    }
  }
}
