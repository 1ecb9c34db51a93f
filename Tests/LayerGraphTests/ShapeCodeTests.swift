import LayerGraph
import Testing

@Suite struct ShapeCodeTests {
  @Test(arguments: ShapeCode.allCases)
  func exampleGetsTheCode(_ code: ShapeCode) throws {
    let problems = try LayerGraph.build(spec(code.entry.example)).diagnostics
    #expect(problems.map(\.code) == [code.code])
    #expect(problems.map(\.severity) == [code.severity])
  }
}
