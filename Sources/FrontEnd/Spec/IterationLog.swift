import Diagnostics

/// The problems found in the layers of a network: each once, with the iterations that have it.
struct IterationLog {
  private struct Place: Hashable {
    let code: DiagnosticCode
    let span: SourceSpan
  }

  private struct Finding {
    let diagnostic: Diagnostic
    /// The layer entry that it was found in first.
    let entry: SourceSpan
    var iterations: [String]
    var isSameEverywhere = true
  }

  private var findings: [Finding] = []
  private var indices: [Place: Int] = [:]
  private var visits: [SourceSpan: Int] = [:]
  private var recordCount = 0

  /// Whether enough has been found, repetitions included, for decoding to end.
  var isFull: Bool { recordCount > 1_000 }

  /// Takes over what was found in `entry`, in an iteration such as `i = 2` (empty outside loops).
  mutating func record(_ diagnostics: [Diagnostic], in iteration: String, of entry: SourceSpan) {
    visits[entry, default: 0] += 1
    recordCount += diagnostics.count
    for diagnostic in diagnostics {
      let place = Place(code: diagnostic.code, span: diagnostic.primary.span)
      guard let index = indices[place] else {
        indices[place] = findings.count
        findings.append(
          Finding(diagnostic: diagnostic, entry: entry, iterations: [iteration]))
        continue
      }
      if findings[index].diagnostic.message != diagnostic.message {
        findings[index].isSameEverywhere = false
      }
      if findings[index].entry == entry { findings[index].iterations.append(iteration) }
    }
  }

  var diagnostics: [Diagnostic] {
    findings.map { finding in
      let visits = visits[finding.entry] ?? 1
      let isInAll = visits > 1 && finding.iterations.count == visits && finding.isSameEverywhere
      guard let first = finding.iterations.first, !first.isEmpty, !isInAll else {
        return finding.diagnostic
      }
      let others = finding.iterations.count - 1
      let more = others == 0 ? "" : ", and in \(others) more iteration\(others == 1 ? "" : "s")"
      return finding.diagnostic.adding(notes: ["where \(first)\(more)"])
    }
  }
}
