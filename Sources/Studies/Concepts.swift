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

  package init(contentsOf path: String) throws(StudyProblem) {
    try self.init(SampleFile.read(path))
  }

  init(_ source: SourceFile) throws(StudyProblem) {
    var file = try SampleFile(
      source, of: "concepts", form: "a map of names to lists of sample numbers")
    var all: [Concept] = []
    for entry in file.entries {
      let name = entry.key.text
      guard let node = file.reader.node(name) else { continue }
      guard case .sequence(let list) = node, !list.items.isEmpty else {
        file.reader.report(
          .wrongType(
            key: name, expected: "a list of sample numbers, such as [3, 17, 40]", found: node))
        continue
      }
      guard Expression.isName(name) else {
        file.reader.report(
          .wrongType(
            key: name, expected: "named by letters, digits and `_`", found: .scalar(entry.key)))
        continue
      }
      let numbers = list.items.compactMap {
        file.reader.integer($0, describedAs: "a number of `\(name)`", in: SampleFile.numbers)
      }
      all.append(Concept(name: name, numbers: numbers, span: entry.key.span))
    }
    try file.finish()
    path = source.path
    seed = UInt64(file.seed)
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
      case .failure(let problem): throw .faults([problem.diagnostic])
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
