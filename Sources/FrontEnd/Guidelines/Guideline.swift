import Diagnostics
import Spec

/// A rule that specs are checked against: it explains and tests itself.
///
/// Guidelines only look; none depends on another. `--explain` prints the same fields that the tests
/// run.
public struct Guideline: Sendable {
  /// A few words, in lower case.
  public let title: String
  /// What a spec should do, in one sentence.
  public let summary: String
  /// Why, in sentences.
  public let reason: String
  public let source: String
  public let severity: Diagnostic.Severity
  /// Keeps to the rule.
  public let clean: GuidelineExample
  /// Breaks the rule at its marker.
  public let faulty: GuidelineExample
  /// The places where a spec deviates from the rule.
  let findings: @Sendable (Spec) -> [GuidelineFinding]
}

extension ObjectiveSpec {
  /// Whether the numbers of the paper's training are meant for it: the papers on other losses and on
  /// penalties of the slope have numbers of their own.
  var isOfThePaper: Bool { loss == .minimax && !penalisesSlope }
}

/// A place where a spec deviates from a guideline.
struct GuidelineFinding {
  let message: String
  var span: SourceSpan
  var label = ""
  var secondary: [Diagnostic.Label] = []
  var help: [String] = []
  /// What would end it; it may be a line of the help too.
  var repair: Repair?
  /// The layer that it is about; findings of one network's layers are reported together.
  var layer: (network: NetworkRole, name: String)?
}
