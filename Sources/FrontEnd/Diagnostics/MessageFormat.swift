/// How diagnostics are written.
public enum MessageFormat: String, Sendable, CaseIterable {
  /// For people, with source lines.
  case text
  /// One object, described in `docs/diagnostics-json.md`.
  case json
  /// SARIF 2.1.0, for code hosts and editors.
  case sarif
  /// Workflow commands of GitHub Actions.
  case github
}
