/// What is wrong, where, and what to do about it.
///
/// Messages start in lower case, without a full stop, and say what was found and what was expected.
public struct Diagnostic: Sendable, Hashable {
  public let code: DiagnosticCode
  public let severity: Severity
  public let message: String
  /// The smallest fitting span, and what to write under it.
  public private(set) var primary: Label
  /// Every other line that contributed.
  public private(set) var secondary: [Label]
  /// Facts that explain.
  public private(set) var notes: [String]
  /// What to write instead; the titles of the repairs come first.
  public private(set) var help: [String]
  /// Changes of the source that mend it, the best first; empty where none is known.
  public private(set) var repairs: [Repair]
  /// Why it does not count: the reason of a declared deviation; nil for all that do.
  public let suppression: String?

  public init(
    _ code: DiagnosticCode, _ severity: Severity = .error, _ message: String, at span: SourceSpan,
    label: String = "", secondary: [Label] = [], notes: [String] = [], help: [String] = [],
    repairs: [Repair] = [], suppression: String? = nil
  ) {
    self.code = code
    self.severity = severity
    self.message = message.withShortQuotes
    self.primary = Label(span: span, text: label.withShortQuotes)
    self.secondary = secondary
    self.notes = notes.map(\.withShortQuotes)
    self.help = (repairs.map(\.title) + help).map(\.withShortQuotes)
    self.repairs = repairs
    self.suppression = suppression
  }

  public struct Label: Sendable, Hashable {
    public let span: SourceSpan
    public let text: String

    public init(span: SourceSpan, text: String) {
      self.span = span
      self.text = text
    }
  }

  /// Only errors make a check fail.
  public enum Severity: String, Sendable, Hashable, CaseIterable {
    case error
    case warning
    /// A finding from what the paper found to work best.
    case advice
    case note
  }
}

extension Diagnostic {
  /// The same with more to read, and a first repair that changes more, where there is one.
  ///
  /// It starts as a copy, so that nothing can be left out.
  public func adding(
    secondary: [Label] = [], notes: [String] = [], help: [String] = [], edits: [Repair.Edit] = []
  ) -> Diagnostic {
    var result = self
    result.secondary += secondary
    result.notes += notes
    result.help += help
    if let first = repairs.first {
      result.repairs[0] = Repair(first.title, first.safety, first.edits + edits)
    }
    return result
  }

  /// The same elsewhere: the places of all labels and repairs are what `move` makes of them.
  public func moved(_ move: (SourceSpan) -> SourceSpan) -> Diagnostic {
    func moved(_ label: Label) -> Label { Label(span: move(label.span), text: label.text) }
    var result = self
    result.primary = moved(primary)
    result.secondary = secondary.map(moved)
    result.repairs = repairs.map { repair in
      Repair(
        repair.title, repair.safety,
        repair.edits.map { Repair.Edit(move($0.span), $0.replacement) })
    }
    return result
  }
}

extension Diagnostic.Severity: Comparable {
  /// The graver one is the greater.
  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .advice: 1
    case .warning: 2
    case .error: 3
    }
  }
}

extension [Diagnostic] {
  public var hasErrors: Bool { contains { $0.severity == .error } }

  /// By file, then by position; problems of one place keep their order.
  public var sortedByPosition: [Diagnostic] {
    enumerated().sorted { a, b in
      let (p, q) = (a.element.primary.span, b.element.primary.span)
      if p.file.path != q.file.path { return p.file.path < q.file.path }
      return p.start != q.start ? p.start < q.start : a.offset < b.offset
    }.map(\.element)
  }
}
