import Files

/// Diagnostics as one JSON object, described in `docs/diagnostics-json.md`.
///
/// The format is stable: keys may be added, and `version` changes where one changes its meaning.
public struct JSONRenderer: Sendable {
  public static let version = 1

  public init() {}

  public func render(_ diagnostics: [Diagnostic]) -> String {
    let counts = Diagnostic.Severity.allCases.map { severity in
      let count = diagnostics.count { $0.severity == severity && $0.suppression == nil }
      return (severity.rawValue, JSONText.integer(count))
    }
    return JSONText.object([
      ("version", .integer(Self.version)),
      ("counts", .object(counts.map { (key: $0.0, value: $0.1) })),
      ("diagnostics", .array(diagnostics.sortedByPosition.map(object))),
    ]).text + "\n"
  }

  private func object(_ diagnostic: Diagnostic) -> JSONText {
    .object([
      ("code", .string(diagnostic.code.rawValue)),
      ("severity", .string(diagnostic.severity.rawValue)),
      ("message", .string(diagnostic.message)),
      ("span", span(diagnostic.primary.span)),
      ("label", .string(diagnostic.primary.text)),
      (
        "secondary",
        .array(
          diagnostic.secondary.map {
            .object([("span", span($0.span)), ("label", .string($0.text))])
          })
      ),
      ("notes", .array(diagnostic.notes.map(JSONText.string))),
      ("help", .array(diagnostic.help.map(JSONText.string))),
      ("repairs", .array(diagnostic.repairs.map(repair))),
      ("suppressed", diagnostic.suppression.map(JSONText.string) ?? .null),
    ])
  }

  private func repair(_ repair: Repair) -> JSONText {
    .object([
      ("title", .string(repair.title)),
      ("safety", .string(repair.safety.rawValue)),
      (
        "edits",
        .array(
          repair.edits.map {
            .object([("span", span($0.span)), ("replacement", .string($0.replacement))])
          })
      ),
    ])
  }

  private func span(_ span: SourceSpan) -> JSONText {
    .object([
      ("file", .string(span.file.path)),
      ("start", position(span.start)),
      ("end", position(span.end)),
    ])
  }

  private func position(_ position: SourcePosition) -> JSONText {
    .object([("line", .integer(position.line)), ("column", .integer(position.column))])
  }
}
