import Diagnostics
import Testing

@testable import Studies

@Suite struct ConceptsTests {
  /// What is wrong with a file, with the place of each fault; nothing where it is fine.
  private func messages(_ text: String) throws -> [String] {
    let problem = #expect(throws: StudyProblem.self) {
      try Concepts(SourceFile(path: "concepts.yaml", text: text))
    }
    guard case .faults(let diagnostics)? = problem else { return ["\(problem as Any)"] }
    return diagnostics.map {
      "\($0.primary.span.start.line):\($0.primary.span.start.column) \($0.message)"
    }
  }

  @Test func namesStandForNumbersOfASeed() throws {
    let concepts = try Concepts(
      SourceFile(path: "concepts.yaml", text: "seed: 7\nsmile: [3, 17]\nneutral: [2 * 4]"))
    #expect(concepts.seed == 7)
    #expect(concepts.all.map(\.name) == ["smile", "neutral"])
    #expect(concepts.all.map(\.numbers) == [[3, 17], [8]])
  }

  @Test(arguments: [
    (
      "smile: []", "1:8 `smile` must be a list of sample numbers, such as [3, 17, 40], found a list"
    ),
    (
      "smile: 3",
      "1:8 `smile` must be a list of sample numbers, such as [3, 17, 40], found `3`"
    ),
    ("smile: [-1]", "1:9 a number of `smile` must be from 0 to 10000000, found -1"),
    (
      "big smile: [1]",
      "1:1 `big smile` must be named by letters, digits and `_`, found `big smile`"
    ),
    ("seed: x\na: [1]", "1:7 nothing defines `x`"),
    (
      "[1, 2]",
      "1:1 `concepts` must be a map of names to lists of sample numbers, found a list"
    ),
  ])
  func faultsAreNamed(_ text: String, _ message: String) throws {
    #expect(try messages(text) == [message])
  }

  @Test func expressionsGoComponentByComponent() throws {
    let concepts = try Concepts(SourceFile(path: "c.yaml", text: "a: [1]\nb: [2]\nc: [3]"))
    let value = try concepts.value(
      of: "(a - b) * 1.5 + c", vectors: [[1, 2], [3, 0.5], [10, -1]])
    #expect(value == [7, 1.25])
    #expect(concepts.used(in: "(a - b) * 2").map(\.name) == ["a", "b"])
  }

  @Test func unknownConceptsAreNamed() throws {
    let concepts = try Concepts(SourceFile(path: "c.yaml", text: "smile: [1]"))
    let problem = #expect(throws: StudyProblem.self) {
      try concepts.value(of: "smlie * 2", vectors: [[1]])
    }
    #expect(problem?.description == "nothing defines `smlie`")
  }
}
