import Decoding
import Diagnostics

extension [Diagnostic] {
  /// With one report for each name that nothing defines, however often it is used.
  var unknownNamesOnce: [Diagnostic] {
    let uses = Dictionary(grouping: sortedByPosition.filter(\.isOfUnknownName), by: \.message)
    var seen: Set<String> = []
    return compactMap { diagnostic in
      guard diagnostic.isOfUnknownName, let all = uses[diagnostic.message]?.unique, all.count > 1
      else { return diagnostic }
      return seen.insert(diagnostic.message).inserted ? .summary(of: all) : nil
    }
  }
}

extension Diagnostic {
  fileprivate var isOfUnknownName: Bool { code == ExpressionCode.unknownName.code }

  /// The first of several with the same message, and where the others are.
  fileprivate static func summary(of all: [Diagnostic]) -> Diagnostic {
    let (first, others) = (all[0], all.dropFirst())
    let shown = others.prefix(mostShown)
    let more = others.count - shown.count
    return first.adding(
      secondary: shown.map { Label(span: $0.primary.span, text: "here too") },
      notes: more > 0 ? ["and in \(more) more place\(more == 1 ? "" : "s")"] : [],
      edits: others.filter { $0.primary.span.file === first.primary.span.file }
        .flatMap { $0.repairs.first?.edits ?? [] })
  }

  private static let mostShown = 3
}
