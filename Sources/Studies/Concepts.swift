import Decoding
import Diagnostics
import Document

/// Names for groups of samples, from a file.
///
///     seed: 0
///     smiling_woman: [3, 17, 40]
///     neutral_woman: [8, 21, 33]
///
/// The numbers are those of a `sheet` of that seed. A concept is the mean of its samples' latent
/// vectors; three or more make it steady. Source: Radford et al. 2015, section 6.3.2.
package struct Concepts: Sendable {
  package let path: String
  package let seed: UInt64
  /// In the order of the file.
  package let all: [Concept]

  package struct Concept: Sendable {
    package let name: String
    package let numbers: [Int]
    /// Where the name stands.
    let span: SourceSpan
  }

  private static let seedKey = "seed"

  package init(contentsOf path: String) throws(StudyProblem) {
    let file: SourceFile
    do { file = try SourceFile.read(path: path) } catch { throw .source(error) }
    try self.init(file)
  }

  init(_ file: SourceFile) throws(StudyProblem) {
    let (tree, problems) = YAMLDocument.parse(file)
    if problems.hasErrors { throw .concepts(problems) }
    guard case .mapping(let root)? = tree else {
      let start = SourcePosition(line: 1, column: 1)
      throw .concepts([
        .wrongType(
          key: "concepts", expected: "a map of names to lists of sample numbers",
          found: tree
            ?? .scalar(
              .init(
                text: "", isQuoted: false, span: SourceSpan(file: file, start: start, end: start))))
      ])
    }
    var reader = OptionReader(
      .mapping(root), subject: "file of concepts", span: root.span, scope: Scope())
    let seed = reader.integer(
      Self.seedKey, default: 0, in: 0...Int.max, help: "the seed of the sheet")
    var all: [Concept] = []
    for entry in root.entries where entry.key.text != Self.seedKey {
      let name = entry.key.text
      guard let node = reader.node(name) else { continue }
      guard case .sequence(let list) = node, !list.items.isEmpty else {
        reader.report(
          .wrongType(
            key: name, expected: "a list of sample numbers, such as [3, 17, 40]", found: node))
        continue
      }
      guard Expression.isName(name) else {
        reader.report(
          .wrongType(
            key: name, expected: "named by letters, digits and `_`", found: .scalar(entry.key)))
        continue
      }
      let numbers = list.items.compactMap {
        reader.integer($0, describedAs: "a number of `\(name)`", in: 0...10_000_000)
      }
      all.append(Concept(name: name, numbers: numbers, span: entry.key.span))
    }
    reader.finish()
    if reader.diagnostics.hasErrors { throw .concepts(reader.diagnostics) }
    path = file.path
    self.seed = UInt64(seed)
    self.all = all
  }

  /// The value of an expression over the concepts, component by component.
  ///
  /// `vectors` are the concepts' in order, each of the same length. Any expression of the spec
  /// language will do, such as `(a - b) * 1.5 + c`.
  func value(of text: String, vectors: [[Float]]) throws(StudyProblem) -> [Float] {
    let file = SourceFile(path: "<expression>", text: text)
    let length = text.unicodeScalars.count
    let scalar = Node.Scalar(
      text: text, isQuoted: false,
      span: SourceSpan(
        file: file, start: SourcePosition(line: 1, column: 1),
        end: SourcePosition(line: 1, column: length + 1)))
    var result: [Float] = []
    for component in 0..<(vectors.first?.count ?? 0) {
      var scope = Scope()
      for (concept, vector) in zip(all, vectors) {
        scope.define(concept.name, as: .fraction(Double(vector[component])), at: concept.span)
      }
      switch Expression.evaluate(scalar, in: scope) {
      case .success(let number): result.append(Float(number.double))
      case .failure(let problem): throw .concepts([problem.diagnostic])
      }
    }
    return result
  }

  /// The concepts that an expression names, in the order of the file.
  func used(in text: String) -> [Concept] {
    let words = text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    return all.filter { words.contains($0.name) }
  }
}
