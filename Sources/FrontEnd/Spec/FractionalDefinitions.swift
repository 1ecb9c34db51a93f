import Decoding
import Diagnostics
import Document

/// Definitions that are fractions though they are computed from whole numbers, such as the
/// `log2(size / 4)` of a size that is no power of two.
///
/// Where whole numbers are made of one, the problem is reported once, at the definition, with the
/// nearest numbers that would make it whole.
struct FractionalDefinitions {
  private let definitions: Definitions
  /// The names, and every name that is computed from one.
  private let origins: [String: String]

  init(_ definitions: Definitions) {
    self.definitions = definitions
    var origins: [String: String] = [:]
    /// The definition that made `name` a fraction, found through the names that it needs.
    func origin(of name: String) -> String? {
      if let known = origins[name] { return known }
      guard case .fraction = definitions.scope.variables[name]?.value,
        let needed = definitions.names(neededBy: name), !needed.isEmpty
      else { return nil }
      let origin = needed.lazy.compactMap { origin(of: $0) }.first
      let isWholeBefore = needed.allSatisfy {
        if case .integer = definitions.scope.variables[$0]?.value { true } else { false }
      }
      origins[name] = origin ?? (isWholeBefore ? name : nil)
      return origins[name]
    }
    for name in definitions.order { _ = origin(of: name) }
    self.origins = origins
  }

  /// One report of each definition, instead of all that asked for whole numbers made of it; other
  /// reports of fractions get the nearest numbers too.
  func summarizing(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    let names = Set(definitions.order)
    let (kept, fractions) = diagnostics.split(byUseOf: names) {
      $0.code == OptionCode.notWhole.code
    }
    var search = WholeNumberSearch(definitions)
    var result = kept
    var uses: [String: [SourceSpan]] = [:]
    for (diagnostic, names) in fractions {
      let causes = Set(names.compactMap { origins[$0] })
      for cause in causes { uses[cause, default: []].append(diagnostic.primary.span) }
      if causes.isEmpty {
        let help = search.help(for: diagnostic.primary.span)
        result.append(diagnostic.adding(help: help.map { [$0] } ?? []))
      }
    }
    for (name, spans) in uses.sorted(by: { $0.key < $1.key }) {
      if let report = report(name, neededAt: spans, &search) { result.append(report) }
    }
    return result
  }

  private static let mostUsesShown = 3

  private func report(
    _ name: String, neededAt uses: [SourceSpan], _ search: inout WholeNumberSearch
  ) -> Diagnostic? {
    guard let scalar = definitions.scalar(of: name),
      let value = definitions.scope.variables[name]?.value
    else { return nil }
    let shown = uses.sorted { $0.start < $1.start }.prefix(Self.mostUsesShown).map {
      Diagnostic.Label(span: $0, text: "makes a whole number of it")
    }
    let help = search.help(for: scalar, called: "`\(name)`")
    return Diagnostic(
      OptionCode.notWhole, "`\(name)` is \(value), where a whole number is needed",
      at: scalar.span,
      secondary: shown + Expression.contributions(to: scalar, in: definitions.scope),
      help: help.map { [$0] } ?? [])
  }
}
