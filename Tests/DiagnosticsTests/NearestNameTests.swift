import Testing

@testable import Diagnostics

@Suite("Nearest name") struct NearestNameTests {
  private static let names = [
    "filters", "kernel", "stride", "padding", "norm", "to", "conv", "conv_transpose", "batch_norm",
    "learning_rate",
  ]

  @Test(
    arguments: [
      ("strid", "stride"),
      ("stirde", "stride"),
      ("Kernel", "kernel"),
      ("kernle", "kernel"),
      ("convTranspose", "conv_transpose"),
      ("conv-transpose", "conv_transpose"),
      ("deconv_transpose", "conv_transpose"),
      ("batchnorm", "batch_norm"),
      ("learningrate", "learning_rate"),
      ("learn_rate", "learning_rate"),
      ("filter", "filters"),
      ("two", "to"),
      ("lr", nil),
      ("ab", nil),
      ("dilation", nil),
      ("", nil),
      (String(repeating: "x", count: 65), nil),
    ] as [(String, String?)])
  func `the nearest name is proposed if it is near`(written: String, meant: String?) {
    #expect(Self.names.nearest(to: written) == meant)
  }

  @Test func `the first of equally near names wins`() {
    #expect(["beta1", "beta2"].nearest(to: "beta3") == "beta1")
    #expect([String]().nearest(to: "beta") == nil)
  }

  @Test(
    arguments: [
      ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "acb", 1),
      ("abc", "adc", 1), ("abc", "abcd", 1), ("abc", "bc", 1), ("kitten", "sitting", 3),
      ("ca", "abc", 3),
    ])
  func `the distance counts insertions, removals, replacements and swaps`(
    a: String, b: String, distance: Int
  ) {
    #expect(editDistance(Array(a), Array(b)) == distance)
    #expect(editDistance(Array(b), Array(a)) == distance)
  }
}
