import Diagnostics
import Guidelines
import LayerGraph
import Spec
import Testing

@Suite struct GuidelineCodeTests {
  @Test(arguments: GuidelineCode.allCases)
  func cleanExampleIsClean(code: GuidelineCode) throws {
    let spec = try decoded(code.guideline.clean)
    #expect(Guidelines.check(spec) == [])
    #expect(LayerGraph.build(spec).diagnostics == [])
  }

  @Test(arguments: GuidelineCode.allCases)
  func faultyExampleIsFaultyAtItsMarker(code: GuidelineCode) throws {
    let example = code.guideline.faulty
    let spec = try decoded(example)
    let found = Guidelines.check(spec)
    #expect(found.map(\.code) == [code.code])
    #expect(found.map(\.severity) == [code.guideline.severity])
    let marker = try #require(example.marker)
    let span = try #require(found.first).primary.span
    #expect(span.start == SourcePosition(line: marker.line, column: marker.columns.lowerBound))
    #expect(span.end == SourcePosition(line: marker.line, column: marker.columns.upperBound))
    #expect(LayerGraph.build(spec).diagnostics == [])
  }

  @Test(arguments: GuidelineCode.allCases)
  func aDeclaredDepartureIsNone(code: GuidelineCode) throws {
    let text = code.guideline.faulty.spec + "deviations: {\(code.rawValue): \"a test\"}\n"
    let spec = try #require(Spec.decode(text, path: "example.yaml").spec)
    #expect(Guidelines.check(spec) == [])
    let listed = Guidelines.check(spec, listsDeviations: true)
    #expect(listed.map(\.severity) == [.note])
    #expect(listed.map(\.primary.text) == ["a test"])
  }

  @Test(arguments: GuidelineCode.allCases)
  func textsAreSentences(code: GuidelineCode) {
    let guideline = code.guideline
    #expect(guideline.summary.hasSuffix(".") && guideline.reason.hasSuffix("."))
    #expect(!guideline.title.hasSuffix(".") && !guideline.source.hasSuffix("."))
  }

  private func decoded(_ example: GuidelineExample) throws -> Spec {
    let (spec, diagnostics) = Spec.decode(example.spec, path: "example.yaml")
    #expect(diagnostics == [])
    return try #require(spec)
  }
}
