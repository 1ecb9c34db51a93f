import CKernels
import Testing

/// Winograd's algorithms with both sizes of tile, for the same shapes as the direct kernels and in
/// each build of the inner loops, against plain loops in `Double`.
@Suite struct WinogradKernelTests {
  @Test(arguments: WinogradCase.all)
  func convolveEqualsPlainLoops(_ test: WinogradCase) throws {
    try compare(test, .convolve)
  }

  @Test(arguments: WinogradCase.all)
  func inputGradientEqualsPlainLoops(_ test: WinogradCase) throws {
    try compare(test, .input_gradient)
  }

  @Test(arguments: WinogradCase.all)
  func kernelGradientEqualsPlainLoops(_ test: WinogradCase) throws {
    try compare(test, .kernel_gradient)
  }

  /// A transposed convolution is a convolution followed by a pixel shuffle.
  ///
  /// "Is the deconvolution layer the same as a convolutional layer?" (Shi et al., 2016): yes, of a
  /// convolution at the small map's size whose output channels are then dealt out to the pixels.
  @Test(arguments: [4, 5, 6])
  func transposedConvolutionIsConvolutionAndPixelShuffle(_ k: Int) throws {
    let (n, size, f, c) = (2, 5, 3, 4)
    let padding = k == 4 ? 1 : 2
    let layer = ConvolutionCase(
      n: n, c: c, f: f, h: 2 * size, w: 2 * size, k: k, stride: 2, padding: padding)
    let y = generatedValues(layer.yCount, seed: 6)
    let w = generatedValues(layer.wCount, seed: 7)
    let expected = layer.plainLoops(.input_gradient, x: [], w: w, y: y)

    // Phase (a, b) of the large map is 3 × 3 taps on the small one: tap j of −1, 0, 1 is the
    // kernel's 2·(1 − j) + a + padding. Kernel [3, 3, F, (a, b, C)].
    var shuffled = [Float](repeating: 0, count: 9 * f * 4 * c)
    for (i, j) in pairs(3, 3) {
      for (a, b) in pairs(2, 2) {
        let (ky, kx) = (2 * (1 - i) + a + padding, 2 * (1 - j) + b + padding)
        guard (0..<k).contains(ky), (0..<k).contains(kx) else { continue }
        for (channel, filter) in pairs(c, f) {
          shuffled[((i * 3 + j) * f + filter) * 4 * c + (a * 2 + b) * c + channel] =
            w[((ky * k + kx) * c + channel) * f + filter]
        }
      }
    }
    let small = ConvolutionCase(
      n: n, c: f, f: 4 * c, h: size, w: size, k: 3, stride: 1, padding: 1)
    for edge: Int32 in [2, 4] {
      let plan = try #require(try small.winogradPlan(.convolve, edge, ck_best_isa()))
      let maps = run(plan, y, shuffled, outputCount: small.yCount, order: .forward)
      // [N, H, W, a, b, C] → [N, H, a, W, b, C]
      var large: [Float] = []
      for (image, row) in pairs(n, 2 * size) {
        for column in 0..<2 * size {
          let pixel = (image * size + row / 2) * size + column / 2
          let start = (pixel * 4 + row % 2 * 2 + column % 2) * c
          large += maps[start..<start + c]
        }
      }
      #expect(relativeError(large, expected) <= WinogradCase(shape: layer, edge: edge).tolerance)
    }
  }

  @Test func vanishingProductsAreLeftOut() throws {
    func slots(_ k: Int, _ stride: Int, _ padding: Int, _ edge: Int32) throws -> Int32? {
      let layer = ConvolutionCase(
        n: 1, c: 1, f: 1, h: 8, w: 8, k: k, stride: stride, padding: padding)
      let counts = try [ck_operation.convolve, .input_gradient, .kernel_gradient].map {
        try layer.winogradPlan($0, edge, .portable)?.winograd.slots
      }
      #expect(Set(counts).count == 1)
      return counts[0]
    }
    #expect(try slots(5, 2, 2, 4) == 121)  // (6 + 5)², of 144
    #expect(try slots(5, 2, 2, 2) == 49)  // (4 + 3)², of 64
    #expect(try slots(4, 2, 1, 4) == 100)  // (5 + 5)²
    #expect(try slots(4, 2, 1, 2) == 36)
    #expect(try slots(6, 2, 2, 4) == 144)
    #expect(try slots(3, 2, 1, 4) == 81)  // (4 + 5)²
    #expect(try slots(3, 1, 1, 4) == 36)
    #expect(try slots(3, 1, 1, 2) == 16)
    #expect(try slots(7, 2, 3, 4) == nil)
    #expect(try slots(5, 1, 2, 4) == nil)
  }

  /// Sizes that are no multiple of 4 take tiles of 3 next to those of 4, where enough images share
  /// the weights of each size.
  @Test func mapsAreCutExactly() throws {
    func sizes(_ height: Int, _ width: Int, images: Int, edge: Int32 = 4) throws -> [[Int32]] {
      let layer = ConvolutionCase(
        n: images, c: 1, f: 1, h: 2 * height, w: 2 * width, k: 4, stride: 2, padding: 1)
      let cuts = try [ck_operation.convolve, .input_gradient, .kernel_gradient].map {
        operation -> [[Int32]] in
        let winograd = try #require(try layer.winogradPlan(operation, edge, .portable)).winograd
        let tilings = [
          winograd.tilings.0, winograd.tilings.1, winograd.tilings.2, winograd.tilings.3,
        ]
        return tilings.prefix(Int(winograd.tiling_count)).map {
          [$0.tiles_y, $0.edge_y, $0.tiles_x, $0.edge_x]
        }
      }
      #expect(Set(cuts).count == 1)
      return cuts[0]
    }
    // 7 = 4 + 3 along both axes: (5 + 4)² = 81 products for each phase, not 10².
    #expect(
      try sizes(7, 7, images: 128) == [[1, 4, 1, 4], [1, 4, 1, 3], [1, 3, 1, 4], [1, 3, 1, 3]])
    #expect(try sizes(10, 8, images: 128) == [[1, 4, 2, 4], [2, 3, 2, 4]])
    #expect(try sizes(6, 5, images: 128) == [[2, 3, 2, 3]])
    #expect(try sizes(8, 8, images: 128) == [[2, 4, 2, 4]])
    #expect(try sizes(7, 7, images: 1) == [[2, 4, 2, 4]])
    #expect(try sizes(7, 7, images: 128, edge: 2) == [[4, 2, 4, 2]])
  }

  /// Some blocks of tiles are transformed and multiplied before the next ones, in the same scratch.
  @Test func fewBlocksTakeRounds() throws {
    func plan(images: Int) throws -> ck_plan {
      let layer = ConvolutionCase(
        n: images, c: 256, f: 512, h: 16, w: 16, k: 5, stride: 2, padding: 2)
      return try #require(try layer.winogradPlan(.convolve, 4, .portable))
    }
    let (one, two) = (try plan(images: 8), try plan(images: 16))
    #expect([one, two].map(\.winograd.blocks) == [1, 2])
    #expect([one, two].map(\.rounds) == [1, 2])
    #expect(one.scratch_bytes == two.scratch_bytes)
    #expect(one.task_count.1 == 64 && two.task_count.1 == 64)
  }

  @Test func otherTilesAreRefused() {
    for edge: Int32 in [0, 1, 3, 6] {
      var shape = ConvolutionCase(n: 1, c: 1, f: 1, h: 8, w: 8, k: 5, stride: 2, padding: 2).shape
      var plan = ck_plan()
      #expect(ck_plan_winograd(&plan, .convolve, &shape, edge, .portable) == .unsuitable)
    }
  }

  private func compare(_ test: WinogradCase, _ operation: ck_operation) throws {
    let shape = test.shape
    let x = generatedValues(shape.xCount, seed: 1)
    let w = generatedValues(shape.wCount, seed: 2)
    let y = generatedValues(shape.yCount, seed: 3)
    let (left, right): ([Float], [Float])
    switch operation {
    case .input_gradient: (left, right) = (y, w)
    case .kernel_gradient: (left, right) = (x, y)
    default: (left, right) = (x, w)
    }
    let expected = shape.plainLoops(operation, x: x, w: w, y: y)
    for isa in availableISAs {
      let plan = try #require(try shape.winogradPlan(operation, test.edge, isa))
      let forward = run(plan, left, right, outputCount: expected.count, order: .forward)
      let error = relativeError(forward, expected)
      #expect(error <= test.tolerance, "\(operation) \(isa) \(test): \(error)")
      for order in [TaskOrder.reversed, .interleaved] {
        let again = run(plan, left, right, outputCount: expected.count, order: order)
        #expect(sameBits(forward, again), "\(operation) \(isa) \(test) \(order)")
      }
    }
  }
}

/// A shape that the algorithm is for, and the size of its tiles.
struct WinogradCase: Sendable, CustomTestStringConvertible {
  let shape: ConvolutionCase
  let edge: Int32

  var testDescription: String { "F(\(edge)) \(shape.testDescription)" }

  /// Root mean square error over that of the values.
  ///
  /// The constants of F(4 × 4) are as large as 8 in both axes, and results are differences of sums
  /// that many times as large; those of F(2 × 2) are 1 and 1/2. Typical errors are 2e-6 and 4e-7. A
  /// forgotten product of 121, or one that meets another's weights, is 1e-1.
  var tolerance: Double { edge == 4 ? 1e-5 : 1.5e-6 }

  static let all = (ConvolutionCase.all + more).flatMap { shape in
    [2, 4].map { WinogradCase(shape: shape, edge: $0) }
  }.filter {
    (try? $0.shape.winogradPlan(.convolve, $0.edge, .portable)) != nil
  }

  private static let more: [ConvolutionCase] = [
    // Several blocks of tiles, with and without tiles of their own for each task; several chunks of
    // the depth; a last panel of one vector or less.
    (20, 70, 40, 14, 14, 5, 2, 2), (40, 24, 33, 16, 16, 5, 2, 2), (9, 130, 20, 10, 9, 4, 2, 1),
    (3, 70, 65, 20, 24, 6, 2, 2), (5, 33, 70, 13, 12, 3, 2, 1), (3, 65, 35, 17, 19, 3, 1, 1),
    (33, 16, 48, 12, 12, 3, 1, 1), (64, 8, 16, 20, 20, 4, 2, 1),
    // Rounds of some blocks of tiles, fewer in the last one.
    (290, 35, 36, 2, 2, 3, 1, 1),
    // Tiles of 3 and 4; in kernel gradients more sizes of tiles than chunks.
    (40, 8, 300, 14, 14, 4, 2, 1), (66, 3, 5, 28, 14, 4, 2, 1), (100, 4, 3, 7, 10, 3, 1, 1),
    // More channels than are transformed at once, in many blocks and in several parts.
    (64, 140, 8, 12, 12, 4, 2, 1), (2, 150, 140, 8, 8, 5, 2, 2),
  ].map { ConvolutionCase(n: $0, c: $1, f: $2, h: $3, w: $4, k: $5, stride: $6, padding: $7) }
}

extension ConvolutionCase {
  /// Nil where the algorithm is not for this kernel, stride and padding.
  func winogradPlan(_ operation: ck_operation, _ edge: Int32, _ isa: ck_isa) throws -> ck_plan? {
    var plan = ck_plan()
    var shape = shape
    let status = ck_plan_winograd(&plan, operation, &shape, edge, isa)
    if status == .unsuitable { return nil }
    try #require(status == .ok)
    return plan
  }
}

/// Root mean square of the difference over that of the expected values.
func relativeError(_ output: [Float], _ expected: [Double]) -> Double {
  guard output.count == expected.count else { return .infinity }
  var (error, scale) = (0.0, 0.0)
  for (value, right) in zip(output, expected) {
    error += (Double(value) - right) * (Double(value) - right)
    scale += right * right
  }
  return error.isNaN ? .infinity : (error / max(scale, .leastNormalMagnitude)).squareRoot()
}

/// All (i, j) with i in 0 ..< first, j in 0 ..< second, row by row.
private func pairs(_ first: Int, _ second: Int) -> [(Int, Int)] {
  (0..<first).flatMap { i in (0..<second).map { (i, $0) } }
}
