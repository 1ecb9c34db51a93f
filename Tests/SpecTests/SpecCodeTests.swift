import Spec
import Testing

@Suite struct SpecCodeTests {
  @Test(arguments: SpecCode.allCases.filter { !$0.entry.example.isEmpty })
  func theExampleGetsTheCode(code: SpecCode) {
    #expect(SpecText(code.entry.example).decoded.diagnostics.map(\.code) == [code.code])
  }
}
