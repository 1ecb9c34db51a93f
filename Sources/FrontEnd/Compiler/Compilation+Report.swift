import Diagnostics

extension Compilation {
  /// All messages in one of the formats, as the command prints them.
  ///
  /// Text ends without a line break. SARIF and JSON list declared deviations too, as suppressed.
  public func report(
    _ format: MessageFormat, colour: Bool = false, width: Int = 100
  ) -> String {
    switch format {
    case .text:
      TextRenderer(colour: colour, width: width, fixable: paths.first).render(diagnostics)
    case .json: JSONRenderer().render(diagnostics + suppressed)
    case .sarif:
      SARIFRenderer { CodeTables.entry(of: $0) }
        .render(diagnostics + suppressed)
    case .github: GitHubRenderer().render(diagnostics)
    }
  }
}
