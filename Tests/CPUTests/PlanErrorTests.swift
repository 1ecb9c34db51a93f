import Testing

@testable import CPU

@Suite struct PlanErrorTests {
  @Test func namesTheInstructionsThatThereAre() {
    #expect(
      PlanError.lackingInstructions(.avx512, available: [.portable, .avx2]).description
        == "this processor cannot run avx512 instructions; it can run portable and avx2")
    #expect(
      PlanError.lackingInstructions(.avx2, available: [.portable]).description
        == "this processor cannot run avx2 instructions; it can run portable")
  }

  @Test func everyProcessorRunsThePortableOnes() {
    #expect(Plan.ISA.portable.isAvailable)
    #expect(Plan.ISA.best.isAvailable)
    let available = Plan.ISA.allCases.filter(\.isAvailable)
    #expect(PlanError.lacking(.avx512) == .lackingInstructions(.avx512, available: available))
  }
}
