import Testing

@testable import Training

@Suite struct SampleSheetTests {
  /// Images take the classes in turn: a row has each as often as the others, so that columns keep
  /// their class.
  @Test(
    arguments: [
      (64, 1, 8), (65, 1, 9), (1, 1, 1), (64, 10, 10), (100, 10, 10), (300, 10, 20), (64, 2, 8),
      (64, 3, 9), (4, 20, 20), (64, 21, 8), (64, 1_000, 8),
    ])
  func columnsKeepTheirClass(_ count: Int, _ classes: Int, _ columns: Int) {
    #expect(SampleSheet.columns(of: count, classes: classes) == columns)
  }
}
