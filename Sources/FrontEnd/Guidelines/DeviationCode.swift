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
        "a deviation that nothing needs",
        "The spec keeps to the guideline; a later departure from it would go unnoticed.",
        example: "deviations: {G505: \"a reason of former times\"}")
    case .unknown:
      CodeEntry(
        "a deviation from no known guideline",
        "The keys of `deviations` are the codes of guidelines.",
        example: "deviations: {G999: \"why\"}")
    }
  }
}
