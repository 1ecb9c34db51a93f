import Files

/// Diagnostics as workflow commands, which GitHub shows next to the changed lines.
///
/// ```
/// ::error file=faces.yaml,line=14,endLine=14,col=7,endColumn=21,title=T402::the generator makes …
/// ```
/// Source: docs.github.com, "Workflow commands for GitHub Actions"; the escapes are those of
/// actions/toolkit.
public struct GitHubRenderer: Sendable {
  public init() {}

  public func render(_ diagnostics: [Diagnostic]) -> String {
    diagnostics.sortedByPosition.filter { $0.suppression == nil }.map { command($0) + "\n" }
      .joined()
  }

  private func command(_ diagnostic: Diagnostic) -> String {
    let span = diagnostic.primary.span
    var properties = [
      ("file", span.file.path), ("line", "\(span.start.line)"), ("endLine", "\(span.end.line)"),
    ]
    // GitHub takes columns for spans within one line only.
    if span.start.line == span.end.line {
      properties += [
        ("col", "\(span.start.column)"), ("endColumn", "\(span.end.column)"),
      ]
    }
    properties.append(("title", "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"))
    let lines =
      [diagnostic.message]
      + diagnostic.secondary.filter { !$0.text.isEmpty }.map {
        "\($0.span.file.path):\($0.span.start.line): \($0.text)"
      } + diagnostic.notes.map { "note: \($0)" } + diagnostic.help.map { "help: \($0)" }
    let written = properties.map { "\($0.0)=\($0.1.escapedProperty)" }.joined(separator: ",")
    return "::\(diagnostic.severity.command) \(written)::"
      + lines.joined(separator: "\n").escapedData
  }
}

extension Diagnostic.Severity {
  fileprivate var command: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .advice, .note: "notice"
    }
  }
}

extension String {
  fileprivate var escapedData: String {
    replacing("%", with: "%25").unicodeScalars.split(
      omittingEmptySubsequences: false, whereSeparator: { $0 == "\n" }
    ).map { line in
      String(line).split(separator: "\r", omittingEmptySubsequences: false).map {
        String($0).visible
      }
      .joined(separator: "%0D")
    }.joined(separator: "%0A")
  }

  fileprivate var escapedProperty: String {
    escapedData.replacing(":", with: "%3A").replacing(",", with: "%2C")
  }
}
