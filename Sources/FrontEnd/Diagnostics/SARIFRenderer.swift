import Files

/// Diagnostics as a SARIF 2.1.0 log, which code hosts and editors show.
///
/// Columns count code points; advice has the level of a note. Declared deviations are results with a
/// suppression. Source: OASIS, Static Analysis Results Interchange Format 2.1.0.
public struct SARIFRenderer: Sendable {
  /// What each code means.
  private let entries: @Sendable (DiagnosticCode) -> CodeEntry?

  public init(
    entries: @escaping @Sendable (DiagnosticCode) -> CodeEntry?
  ) {
    self.entries = entries
  }

  public func render(_ diagnostics: [Diagnostic]) -> String {
    let diagnostics = diagnostics.sortedByPosition
    var codes: [DiagnosticCode] = []
    for code in diagnostics.map(\.code) where !codes.contains(code) { codes.append(code) }
    codes.sort { $0.rawValue < $1.rawValue }
    let driver = JSONText.object([
      ("name", .string("dcgan-compile")),
      ("version", .string(ToolVersion.text)),
      ("rules", .array(codes.map(rule))),
    ])
    return JSONText.object([
      ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")),
      ("version", .string("2.1.0")),
      (
        "runs",
        .array([
          .object([
            ("tool", .object([("driver", driver)])),
            ("columnKind", .string("unicodeCodePoints")),
            ("results", .array(diagnostics.map { result($0, codes) })),
          ])
        ])
      ),
    ]).text + "\n"
  }

  private func rule(_ code: DiagnosticCode) -> JSONText {
    guard let entry = entries(code) else { return .object([("id", .string(code.rawValue))]) }
    let source = entry.source.isEmpty ? "" : " Source: \(entry.source)."
    return .object([
      ("id", .string(code.rawValue)),
      ("shortDescription", message(entry.title)),
      ("fullDescription", message(entry.explanation)),
      ("help", message(entry.explanation + source)),
    ])
  }

  private func result(_ diagnostic: Diagnostic, _ codes: [DiagnosticCode]) -> JSONText {
    let lines =
      [diagnostic.message] + diagnostic.notes.map { "note: \($0)" }
      + diagnostic.help.map { "help: \($0)" }
    var entries: [(key: String, value: JSONText)] = [
      ("ruleId", .string(diagnostic.code.rawValue)),
      ("ruleIndex", .integer(codes.firstIndex(of: diagnostic.code) ?? -1)),
      ("level", .string(diagnostic.severity.level)),
      ("message", message(lines.joined(separator: "\n"))),
      ("locations", .array([location(diagnostic.primary, id: nil)])),
    ]
    if !diagnostic.secondary.isEmpty {
      let related = diagnostic.secondary.enumerated().map { location($1, id: $0) }
      entries.append(("relatedLocations", .array(related)))
    }
    if !diagnostic.repairs.isEmpty {
      entries.append(("fixes", .array(diagnostic.repairs.map(fix))))
    }
    if let reason = diagnostic.suppression {
      let suppression = JSONText.object([
        ("kind", .string("inSource")), ("justification", .string(reason)),
      ])
      entries.append(("suppressions", .array([suppression])))
    }
    entries.append(("properties", .object([("severity", .string(diagnostic.severity.rawValue))])))
    return .object(entries)
  }

  private func location(_ label: Diagnostic.Label, id: Int?) -> JSONText {
    let physical = JSONText.object([
      ("artifactLocation", artifact(label.span.file)), ("region", region(label.span)),
    ])
    var entries: [(key: String, value: JSONText)] = id.map { [("id", .integer($0))] } ?? []
    entries.append(("physicalLocation", physical))
    if !label.text.isEmpty { entries.append(("message", message(label.text))) }
    return .object(entries)
  }

  /// Edits of one file are one change of it.
  private func fix(_ repair: Repair) -> JSONText {
    var files: [SourceFile] = []
    for file in repair.edits.map(\.span.file) where !files.contains(where: { $0 === file }) {
      files.append(file)
    }
    let changes = files.map { file in
      JSONText.object([
        ("artifactLocation", artifact(file)),
        (
          "replacements",
          .array(
            repair.edits.filter { $0.span.file === file }.map { edit in
              .object([
                ("deletedRegion", region(edit.span)),
                ("insertedContent", .object([("text", .string(edit.replacement))])),
              ])
            })
        ),
      ])
    }
    return .object([
      ("description", message(repair.title)), ("artifactChanges", .array(changes)),
    ])
  }

  private func region(_ span: SourceSpan) -> JSONText {
    .object([
      ("startLine", .integer(span.start.line)), ("startColumn", .integer(span.start.column)),
      ("endLine", .integer(span.end.line)), ("endColumn", .integer(span.end.column)),
    ])
  }

  private func artifact(_ file: SourceFile) -> JSONText {
    .object([("uri", .string(file.path.fileReference))])
  }

  private func message(_ text: String) -> JSONText { .object([("text", .string(text))]) }
}

extension Diagnostic.Severity {
  fileprivate var level: String {
    switch self {
    case .error: "error"
    case .warning: "warning"
    case .advice, .note: "note"
    }
  }
}

extension String {
  /// A path as a URI reference: absolute paths as `file://`, others relative.
  fileprivate var fileReference: String {
    let plain = "-._~/".utf8
    var text = hasPrefix("/") ? "file://" : ""
    for byte in utf8 {
      let scalar = Unicode.Scalar(byte)
      if plain.contains(byte) || scalar.isASCII && scalar.properties.isAlphabetic
        || ("0"..."9").contains(scalar)
      {
        text.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.count < 2 ? "0" : "") + digits
      }
    }
    return text
  }
}
