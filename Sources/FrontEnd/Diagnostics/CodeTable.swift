/// The codes of one stage, with everything that `--explain CODE` prints: the one list of them.
///
/// A stage declares an enum whose raw values are the codes; messages are made with a case of it, so
/// that no code exists without an explanation.
public protocol CodeTable: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
  /// What the code means, and a faulty text that gets it.
  var entry: CodeEntry { get }

  /// How much it weighs; an error unless the table says otherwise.
  var severity: Diagnostic.Severity { get }

  /// Whether the text of a spec alone shows it: true unless the table says otherwise.
  static var isShownBySpecs: Bool { get }
}

extension CodeTable {
  public var code: DiagnosticCode { DiagnosticCode(rawValue: rawValue) }
  public var severity: Diagnostic.Severity { .error }
  public static var isShownBySpecs: Bool { true }
}

/// What a diagnostic code means.
public struct CodeEntry: Hashable, Sendable {
  /// A few words, in lower case, without a full stop.
  public let title: String
  /// Why it is refused and what to write instead, in sentences.
  public let explanation: String
  /// A faulty text: a whole file, or what the table's documentation says; empty where text cannot
  /// show it.
  public let example: String
  /// The same without the fault; empty where the table has none.
  public let clean: String
  /// Who says so, without a full stop; empty for rules of our own.
  public let source: String

  public init(
    _ title: String, _ explanation: String, example: String, clean: String = "",
    source: String = ""
  ) {
    self.title = title
    self.explanation = explanation
    self.example = example
    self.clean = clean
    self.source = source
  }
}

extension Diagnostic {
  /// A diagnostic of a tabled code, with the table's severity.
  public init(
    _ entry: some CodeTable, _ message: String, at span: SourceSpan, label: String = "",
    secondary: [Label] = [], notes: [String] = [], help: [String] = [], repairs: [Repair] = [],
    suppression: String? = nil
  ) {
    self.init(
      entry.code, entry.severity, message, at: span, label: label, secondary: secondary,
      notes: notes, help: help, repairs: repairs, suppression: suppression)
  }
}
