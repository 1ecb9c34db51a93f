import Testing

@testable import Studies

@Suite struct RepeatedMeasureTests {
  /// Mean 2, deviation 1, and Student's 4.303 for 2 degrees of freedom: 4.303 / √3.
  @Test func marginIsStudents() {
    let measure = RepeatedMeasure([1, 2, 3])
    #expect(measure.mean == 2)
    #expect(abs(measure.margin - 2.48434) < 1e-4)
    #expect(RepeatedMeasure([5, 5]).margin == 0)
  }
}
