import Diagnostics
import Foundation
import Testing

@testable import Compiler

@Suite struct CodeTablesTests {
  /// A table that is declared somewhere and not listed would not be explained.
  @Test func everyTableOfTheSourcesIsListed() throws {
    let sources = packageFolder.appendingPathComponent("Sources")
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var declared: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for line in text.split(separator: "\n") where line.contains("enum ") {
        let words = line.split { " :,{".contains($0) }.map(String.init)
        guard words.contains("CodeTable"), let index = words.firstIndex(of: "enum") else {
          continue
        }
        declared.insert(words[index + 1])
      }
    }
    #expect(declared == Set(CodeTables.all.map { "\($0)" }))
  }

  @Test func noCodeMeansTwoThings() {
    let codes = CodeTables.explanations.map(\.code.rawValue)
    #expect(Set(codes).count == codes.count)
  }

  @Test(arguments: CodeTables.explanations.map(\.code.rawValue))
  func everyCodeIsOfAFamilyAndSaysSomething(code: String) throws {
    let explanation = try #require(CodeTables.explanation(of: code))
    #expect(DiagnosticsPage.Family(rawValue: String(code.prefix(1))) != nil)
    #expect(!explanation.entry.title.isEmpty && !explanation.entry.title.hasSuffix("."))
    #expect(explanation.entry.explanation.hasSuffix("."))
  }

  @Test func unknownCodesGetASuggestion() {
    #expect(throws: UnknownCode(code: "G5033")) { try CodeTables.explain("G5033") }
    #expect(
      UnknownCode(code: "S2022").description
        == "there is no code `S2022`; did you mean S202? (`--explain` alone lists all)")
    #expect(
      UnknownCode(code: "nonsense").description
        == "there is no code `nonsense` (`--explain` alone lists all)")
  }

  @Test(arguments: ExplainedTopic.allCases)
  func topicsAreExplainedInNarrowLines(topic: ExplainedTopic) throws {
    let text = try CodeTables.explain(topic.rawValue)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(CodeTables.list.contains("\n\(topic.rawValue)  "))
    #expect(
      UnknownCode(code: "loses").description
        == "there is no code `loses`; did you mean losses? (`--explain` alone lists all)")
  }

  @Test func lettersMayBeSmall() throws {
    #expect(try CodeTables.explain("g503") == CodeTables.explain("G503"))
  }

  @Test func guidelinesShowWhyExamplesSourceAndRepair() throws {
    #expect(
      try CodeTables.explain("G513") == """
        advice[G513]: batches of 128 images

        Under the minimax loss a step takes 128 images. All models in the paper were
        trained this way; the statistics of batchnorm depend on it.

        Example:

            train: {batch: 32}
            #              ^^

        Use instead:

            train: {batch: 128}

        How to fix it:
          - write `128`

        Source: Radford et al. 2015, section 4

        """)
  }

  @Test func thePageIsUpToDate() throws {
    let page = packageFolder.appendingPathComponent("docs/diagnostics.md")
    if ProcessInfo.processInfo.environment["DCGAN_UPDATE"] != nil {
      try Data(DiagnosticsPage.text.utf8).write(to: page)
    }
    let written = try String(contentsOf: page, encoding: .utf8)
    #expect(written == DiagnosticsPage.text, "`make docs` writes it anew")
  }
}

/// Where the package lies.
let packageFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
