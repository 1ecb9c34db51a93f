import Layers
import Program
import Testing

@Suite struct WindowOptionsTests {
  /// Kernel, stride, and the padding that `same` stands for.
  static let exact = [
    (5, 2, 2), (4, 2, 1), (3, 1, 1), (3, 2, 1), (6, 2, 2), (1, 1, 0), (2, 2, 0), (1, 2, 0),
    (5, 3, 1), (5, 4, 1), (7, 2, 3),
  ]

  @Test(arguments: exact)
  func sameDividesAndMultipliesExactly(_ kernel: Int, _ stride: Int, _ padding: Int) throws {
    let options = "{filters: 1, kernel: \(kernel), stride: \(stride)}"
    let large = FeatureShape.maps(channels: 1, height: 4 * stride, width: 2 * stride)
    let small = FeatureShape.maps(channels: 1, height: 4, width: 2)
    let conv = try #require(try LayerRun.layer("conv: \(options)") as? Convolution)
    #expect(try conv.options.resolvedPadding() == Sides(both: padding))
    #expect(try conv.outputShape(for: large, LayerContext(classes: nil)) == small)
    let transposed = try LayerRun.layer("conv_transpose: \(options)")
    #expect(try transposed.outputShape(for: small, LayerContext(classes: nil)) == large)
  }

  @Test(arguments: [2, 4, 6], ["conv", "conv_transpose"])
  func sameIsRefusedForEvenKernelsWithStrideOne(_ kernel: Int, _ kind: String) throws {
    let found = try refusal("\(kind): {filters: 1, kernel: \(kernel)}", .square(8))
    #expect(
      found == "`padding: same` is impossible for a \(kernel) × \(kernel) kernel with stride 1; "
        + "an odd kernel keeps the size: \(kernel - 1) or \(kernel + 1); "
        + "`padding` can be a number too: 0 leads between \(kernel) × \(kernel) and 1 × 1 maps")
  }

  @Test func sameIsRefusedWhereTheStrideDoesNotDivide() throws {
    #expect(
      try refusal("conv: {filters: 1, kernel: 5, stride: 2}", .square(7))
        == "stride 2 does not divide 7 × 7, as `padding: same` promises; "
        + "`padding: 2` gives 4 × 4")
  }

  @Test func kernelsMustFit() throws {
    #expect(
      try refusal("conv: {filters: 1, kernel: 5, padding: 0}", .square(3))
        == "a 5 × 5 kernel does not fit into 3 × 3 maps")
    #expect(
      try refusal("max_pool: {kernel: 8, padding: 2}", .square(3))
        == "a 8 × 8 kernel does not fit into 3 × 3 maps with padding 2")
  }

  @Test func dilatedKernelsSayHowFarTheyReach() throws {
    #expect(
      try refusal("conv: {filters: 1, kernel: [3, 1], dilation: 3, padding: [1, 0]}", .square(4))
        == "a 3 × 1 kernel of dilation 3 does not fit into 4 × 4 maps with padding [1, 0]")
  }

  @Test(arguments: ["conv", "conv_transpose"])
  func groupsMustDivideTheChannels(_ kind: String) throws {
    #expect(
      try refusal("\(kind): {filters: 4, kernel: 3, groups: 2}", .square(4, channels: 3))
        == "2 groups do not divide 3 channels")
    #expect(
      try refusal("\(kind): {filters: 3, kernel: 3, groups: 2}", .square(4, channels: 4))
        == "2 groups do not divide 3 filters")
  }

  @Test func hugeSizesAreRefusedWithoutOverflow() throws {
    let most = 1 << 31
    for yaml in [
      "conv: {filters: \(most), kernel: 1024, padding: 1024}",
      "conv_transpose: {filters: \(most), kernel: 1024, stride: 1024}",
      "project: {to: [\(most), \(most), \(most)]}", "linear: {units: \(most)}",
      "reshape: {to: [\(most), \(most), \(most)]}", "upsample: 1024",
    ] {
      let found = try refusal(yaml, .maps(channels: 8, height: 1 << 14, width: 1 << 14))
      #expect(found?.contains("more than 2^31") == true, "\(yaml): \(found ?? "accepted")")
    }
  }
}

extension FeatureShape {
  static func square(_ size: Int, channels: Int = 1) -> FeatureShape {
    .maps(channels: channels, height: size, width: size)
  }
}
