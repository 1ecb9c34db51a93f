import Diagnostics
import Files
import Spec

/// Watches a training: every hundred steps it asks each check, and says each finding once.
///
/// What it finds depends on the lines of `metrics.jsonl` alone, so that a training that was
/// interrupted finds the same.
package struct HealthMonitor {
  private var record: HealthRecord
  /// Of the stretch that has begun.
  private var lines: [MetricsLine] = []
  private var found: Set<HealthCode>

  /// - Parameters:
  ///   - real: the vitals of real images.
  ///   - lines: what the run has reported before.
  ///   - found: what was said before, and is not said again.
  package init(
    spec: Spec, real: Vitals, lines: [MetricsLine] = [], found: Set<HealthCode> = []
  ) {
    record = HealthRecord(spec: spec, real: real)
    self.found = found
    for line in lines.suffix((HealthRecord.length + 1) * HealthStretch.length) {
      add(line)
    }
  }

  /// Whether a look belongs to the line of `step`.
  package static func looks(at step: Int) -> Bool { step % HealthStretch.length == 0 }

  /// Adds what a step has reported; returns what is found for the first time.
  package mutating func findings(
    after line: MetricsLine, dead: [HealthProbe.DeadChannels] = []
  ) -> [HealthFinding] {
    guard add(line) else { return [] }
    record.dead = dead
    var findings: [HealthFinding] = []
    for check in HealthCheck.all where !found.contains(check.code) {
      guard let finding = check.find(record) else { continue }
      found.insert(check.code)
      findings.append(HealthFinding(check.code, finding, step: line.step))
    }
    return findings
  }

  /// Whether a stretch has ended with the line.
  @discardableResult
  private mutating func add(_ line: MetricsLine) -> Bool {
    lines.append(line)
    guard let vitals = line.vitals else { return false }
    record.add(HealthStretch(lines, vitals: vitals, step: line.step))
    lines = []
    return true
  }
}

/// A way in which training fails.
package struct HealthCheck: Sendable {
  package let code: HealthCode
  package let find: @Sendable (HealthRecord) -> Draft?

  /// What a check has to say.
  package struct Draft {
    package let message: String
    package let span: SourceSpan
    package var notes: [String] = []
    package let help: [String]
    /// Stretches that it looked at, none before the first step.
    ///
    /// The trouble was there before their end.
    package var stretches = 0
  }

  /// A new check is one file with a constant, and its name here.
  package static let all: [HealthCheck] = [
    oscillation, discriminatorWins, blindDiscriminator, modeCollapse, saturatedImages, deadUnits,
  ]
}

/// What is wrong with a training, and since when.
package struct HealthFinding: Sendable {
  package let code: HealthCode
  package let diagnostic: Diagnostic
  /// The step in which it was found.
  package let step: Int
  /// A step at which it was not yet there.
  package let before: Int

  package init(code: HealthCode, diagnostic: Diagnostic, step: Int, before: Int) {
    self.code = code
    self.diagnostic = diagnostic
    self.step = step
    self.before = before
  }

  /// - Parameter step: after which it was found; 0 before the first.
  init(_ code: HealthCode, _ draft: HealthCheck.Draft, step: Int) {
    self.code = code
    self.step = step
    before = max(0, step - draft.stretches * HealthStretch.length)
    diagnostic = Diagnostic(
      code, (step == 0 ? "" : "step \(step.grouped): ") + draft.message, at: draft.span,
      notes: draft.notes, help: draft.help)
  }
}
