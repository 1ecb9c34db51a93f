import Decoding
import Diagnostics
import Document
import Guidelines
import LayerGraph
import Spec

/// Every table of codes, in the order of the pipeline: what `--explain` and `docs/diagnostics.md`
/// are made from.
///
/// A test looks through the sources for tables that are missing here.
public enum CodeTables {
  public static let all: [any CodeTable.Type] = [
    YAMLCode.self, OptionCode.self, SpecCode.self, ExpressionCode.self, ShapeCode.self,
    GuidelineCode.self, DeviationCode.self, DataCode.self, HealthCode.self,
  ]

  /// All codes, in the order of their tables.
  public static let explanations: [Explanation] = all.flatMap(explanations(of:))

  /// Those that the text of a spec alone shows.
  public static let shownBySpecs = all.filter { $0.isShownBySpecs }.flatMap(explanations(of:))

  /// What `code` means; upper and lower case do not count.
  public static func explanation(of code: String) -> Explanation? {
    explanations.first { $0.code.rawValue == code.uppercased() }
  }

  public static func entry(of code: DiagnosticCode) -> CodeEntry? {
    entries[code]
  }

  /// What `--explain` says of a code or a topic.
  public static func explain(_ code: String) throws(UnknownCode) -> String {
    if let topic = ExplainedTopic(rawValue: code.lowercased()) { return topic.text }
    guard let explanation = explanation(of: code) else { throw UnknownCode(code: code) }
    return explanation.text
  }

  /// One line for each code, and then for each topic.
  public static var list: String {
    explanations.map { "\($0.code)  \($0.entry.title)\n" }.joined() + "\n"
      + ExplainedTopic.allCases.map { "\($0.rawValue)  \($0.title)\n" }.joined()
  }

  private static let entries = Dictionary(
    explanations.map { ($0.code, $0.entry) }, uniquingKeysWith: { first, _ in first })

  private static func explanations(of table: any CodeTable.Type) -> [Explanation] {
    func listed<Table: CodeTable>(_ table: Table.Type) -> [Explanation] {
      table.allCases.map { code in
        Explanation(
          code: code.code, severity: code.severity, entry: code.entry,
          repairs: (code as? GuidelineCode)?.repairs ?? [])
      }
    }
    return listed(table)
  }
}

/// No table has the code that was asked for.
public struct UnknownCode: Error, Hashable, Sendable, CustomStringConvertible {
  public let code: String
  /// What else it was perhaps meant to be: a layer, or a key of a spec.
  public var otherWord: String?

  public init(code: String, otherWord: String? = nil) {
    self.code = code
    self.otherWord = otherWord
  }

  public var description: String {
    let codes =
      CodeTables.explanations.map(\.code.rawValue) + ExplainedTopic.allCases.map(\.rawValue)
    let near = (codes.nearest(to: code) ?? otherWord).map { "; did you mean \($0)?" } ?? ""
    return "there is no code \(code.quotedExcerpt)\(near) (`--explain` alone lists all)"
  }
}

extension GuidelineCode {
  /// The help of what the check finds in the faulty example.
  fileprivate var repairs: [String] {
    let file = SourceFile(path: "example.yaml", text: guideline.faulty.spec)
    guard let spec = Spec.decode(file).spec else { return [] }
    return Guidelines.check(spec).first { $0.code == code }?.help ?? []
  }
}
