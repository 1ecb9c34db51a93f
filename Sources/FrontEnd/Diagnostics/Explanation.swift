import Files

/// What `--explain CODE` prints of a code.
public struct Explanation: Sendable {
  public let code: DiagnosticCode
  public let severity: Diagnostic.Severity
  public let entry: CodeEntry
  /// What to write instead of the example, in the words of its diagnostic; may be empty.
  public let repairs: [String]

  public init(
    code: DiagnosticCode, severity: Diagnostic.Severity, entry: CodeEntry, repairs: [String] = []
  ) {
    self.code = code
    self.severity = severity
    self.entry = entry
    self.repairs = repairs
  }

  /// For a terminal, in lines of at most 80 columns where words allow.
  public var text: String {
    var parts = [
      "\(severity.rawValue)[\(code)]: \(entry.title)", entry.explanation.wrapped(at: 80),
    ]
    if let example { parts.append("Example:\n\n" + example.indented) }
    if !entry.clean.isEmpty { parts.append("Use instead:\n\n" + entry.clean.indented) }
    if !repairs.isEmpty {
      parts.append("How to fix it:\n" + repairs.map { "  - \($0)" }.joined(separator: "\n"))
    }
    if !entry.source.isEmpty { parts.append("Source: \(entry.source)") }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// A section of `docs/diagnostics.md`.
  public var markdown: String {
    var parts = ["### \(code) · \(entry.title)", "*\(severity.rawValue)* · \(entry.explanation)"]
    if let example { parts.append("Example:\n\n" + example.fenced) }
    if !entry.clean.isEmpty { parts.append("Use instead:\n\n" + entry.clean.fenced) }
    if !repairs.isEmpty {
      parts.append("How to fix it:\n\n" + repairs.map { "- \($0)" }.joined(separator: "\n"))
    }
    if !entry.source.isEmpty { parts.append("Source: \(entry.source)") }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// Nil where it would say nothing: bytes that cannot be shown, or thousands of them.
  private var example: String? {
    let longest = 1_000
    var text = entry.example.visibleLines
    while text.hasSuffix("\n") { text.removeLast() }
    return text.isEmpty || text.unicodeScalars.count > longest ? nil : text
  }
}

extension String {
  private var lines: [String] {
    split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// As it is shown under a message, line by line.

  fileprivate var indented: String {
    lines.map { $0.isEmpty ? "" : "    \($0)" }.joined(separator: "\n")
  }

  fileprivate var fenced: String { "```yaml\n\(self)\n```" }

  public func wrapped(at width: Int) -> String {
    var (result, line) = ([String](), "")
    for word in split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        result.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return (result + [line]).joined(separator: "\n")
  }
}
