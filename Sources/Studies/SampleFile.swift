import Decoding
import Diagnostics
import Document

/// A YAML map about samples of one seed: what files of concepts and of boxes share.
struct SampleFile {
  let seed: Int
  let root: Node.Mapping
  /// What the entries are read with, and their faults reported to.
  var reader: OptionReader

  private static let seedKey = "seed"
  /// What the number of a sample may be.
  static let numbers = 0...10_000_000

  /// - Parameters:
  ///   - subject: what the file holds: `concepts`.
  ///   - form: as messages say it: "a map of …".
  init(_ file: SourceFile, of subject: String, form: String) throws(StudyProblem) {
    let (tree, problems) = YAMLDocument.parse(file)
    if problems.hasErrors { throw .faults(problems) }
    guard case .mapping(let root)? = tree else {
      let start = SourcePosition(line: 1, column: 1)
      let nothing = Node.Scalar(
        text: "", isQuoted: false, span: SourceSpan(file: file, start: start, end: start))
      throw .faults([.wrongType(key: subject, expected: form, found: tree ?? .scalar(nothing))])
    }
    self.root = root
    reader = OptionReader(
      .mapping(root), subject: "file of \(subject)", span: root.span, scope: Scope())
    seed = reader.integer(
      Self.seedKey, default: 0, in: 0...Int.max, help: "the seed of the sheet")
  }

  /// All but the seed, in the order of the file.
  var entries: [Node.Mapping.Entry] { root.entries.filter { $0.key.text != Self.seedKey } }

  /// Throws where anything was wrong.
  mutating func finish() throws(StudyProblem) {
    reader.finish()
    if reader.diagnostics.hasErrors { throw .faults(reader.diagnostics) }
  }

  static func read(_ path: String) throws(StudyProblem) -> SourceFile {
    do { return try SourceFile.read(path: path) } catch { throw .source(error) }
  }
}
