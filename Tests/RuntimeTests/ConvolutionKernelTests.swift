import CKernels
import Testing

/// Each operation of a convolution, in each build of the inner loops that this processor can run,
/// against plain loops in `Double`.
@Suite struct ConvolutionKernelTests {
  @Test(arguments: ConvolutionCase.all)
  func convolveEqualsPlainLoops(_ shape: ConvolutionCase) throws {
    try compare(shape, .convolve)
  }

  @Test(arguments: ConvolutionCase.all)
  func inputGradientEqualsPlainLoops(_ shape: ConvolutionCase) throws {
    try compare(shape, .input_gradient)
  }

  @Test(arguments: ConvolutionCase.all)
  func kernelGradientEqualsPlainLoops(_ shape: ConvolutionCase) throws {
    try compare(shape, .kernel_gradient)
  }

  @Test func fewOutputChannelsAreMadeFromAllTapsAtOnce() throws {
    let image = ConvolutionCase(n: 2, c: 3, f: 128, h: 64, w: 64, k: 5, stride: 2, padding: 2)
    #expect(try image.plan(.input_gradient, ck_best_isa()).algorithm == .taps)
    let hidden = ConvolutionCase(n: 2, c: 128, f: 256, h: 32, w: 32, k: 5, stride: 2, padding: 2)
    #expect(try hidden.plan(.input_gradient, ck_best_isa()).algorithm == .patches)
  }

  @Test func fewPixelsAreDotProducts() throws {
    func algorithm(_ n: Int, _ size: Int, f: Int = 64, stride: Int = 2) throws -> ck_algorithm {
      let layer = ConvolutionCase(
        n: n, c: 32, f: f, h: stride * size, w: stride * size, k: 5, stride: stride, padding: 2)
      return try layer.plan(.input_gradient, .portable).algorithm
    }
    #expect(try algorithm(1, 4) == .dots)
    #expect(try algorithm(2, 8) == .dots)
    #expect(try algorithm(3, 4, stride: 1) == .dots)
    // More pixels or images; filters that do not fill vectors.
    #expect(try algorithm(3, 8) == .patches)
    #expect(try algorithm(4, 1) == .patches)
    #expect(try algorithm(1, 4, f: 63) == .patches)
  }

  @Test func largeLayersHaveTasksForManyThreads() throws {
    for operation in [ck_operation.convolve, .input_gradient, .kernel_gradient] {
      for (size, channels) in [(8, 512), (16, 256), (32, 128), (64, 3)] {
        let layer = ConvolutionCase(
          n: 32, c: channels, f: max(128, 2 * channels), h: size, w: size, k: 5, stride: 2,
          padding: 2)
        let plan = try layer.plan(operation, ck_best_isa())
        let tasks = [plan.task_count.0, plan.task_count.1, plan.task_count.2]
        #expect(tasks.max()! >= 8, "\(operation) \(layer)")
      }
    }
  }

  @Test func impossibleShapesAreRefused() {
    func status(_ change: (inout ck_convolution_shape) -> Void) -> ck_status {
      var shape = ConvolutionCase(n: 1, c: 2, f: 3, h: 4, w: 4, k: 3, stride: 1, padding: 0).shape
      change(&shape)
      var plan = ck_plan()
      return ck_plan_convolution(&plan, .convolve, &shape, .portable)
    }
    #expect(status { _ in } == .ok)
    #expect(status { $0.batch = 0 } == .bad_shape)
    #expect(status { $0.stride = 0 } == .bad_shape)
    #expect(status { $0.padding = -1 } == .bad_shape)
    #expect(status { $0.kernel_width = 5 } == .empty_output)
    #expect(status { $0.batch = .max } == .too_large)
    #expect(status { $0.padding = .max } == .too_large)
    #expect(status { $0.stride = .max } == .too_large)
  }

  private func compare(_ shape: ConvolutionCase, _ operation: ck_operation) throws {
    let x = generatedValues(shape.xCount, seed: 1)
    let w = generatedValues(shape.wCount, seed: 2)
    let y = generatedValues(shape.yCount, seed: 3)
    let (left, right, terms): ([Float], [Float], Int)
    switch operation {
    case .input_gradient: (left, right, terms) = (y, w, shape.k * shape.k * shape.f)
    case .kernel_gradient: (left, right, terms) = (x, y, shape.yCount / shape.f)
    default: (left, right, terms) = (x, w, shape.k * shape.k * shape.c)
    }
    let expected = shape.plainLoops(operation, x: x, w: w, y: y)
    for isa in availableISAs {
      let plan = try shape.plan(operation, isa)
      let forward = run(plan, left, right, outputCount: expected.count, order: .forward)
      let problem = firstDifference(forward, expected, terms: terms)
      #expect(problem == nil, "\(operation) \(isa) \(shape)")
      for order in [TaskOrder.reversed, .interleaved] {
        let again = run(plan, left, right, outputCount: expected.count, order: order)
        #expect(sameBits(forward, again), "\(operation) \(isa) \(shape) \(order)")
      }
    }
  }
}

/// Sizes of a convolution from x [n, h, w, c] to y [n, h', w', f].
struct ConvolutionCase: Sendable, CustomTestStringConvertible {
  let n, c, f, h, w, k, stride, padding: Int

  var outputHeight: Int { (h + 2 * padding - k) / stride + 1 }
  var outputWidth: Int { (w + 2 * padding - k) / stride + 1 }
  var xCount: Int { n * h * w * c }
  var wCount: Int { k * k * c * f }
  var yCount: Int { n * outputHeight * outputWidth * f }

  var testDescription: String {
    "\(n)×\(h)×\(w)×\(c) → \(f), kernel \(k), stride \(stride), padding \(padding)"
  }

  var shape: ck_convolution_shape {
    ck_convolution_shape(
      batch: Int32(n), height: Int32(h), width: Int32(w), channels: Int32(c), filters: Int32(f),
      kernel_height: Int32(k), kernel_width: Int32(k), stride: Int32(stride),
      padding: Int32(padding))
  }

  func plan(_ operation: ck_operation, _ isa: ck_isa) throws -> ck_plan {
    var plan = ck_plan()
    var shape = shape
    try #require(ck_plan_convolution(&plan, operation, &shape, isa) == .ok)
    #expect(Int(plan.output_height) == outputHeight && Int(plan.output_width) == outputWidth)
    return plan
  }

  /// All three operations are the same loops over n, i, j, ky, kx, c, f; they differ in which of
  /// x, w and y is summed into.
  func plainLoops(_ operation: ck_operation, x: [Float], w kernel: [Float], y: [Float]) -> [Double]
  {
    let count = operation == .convolve ? yCount : operation == .input_gradient ? xCount : wCount
    var sums = [Double](repeating: 0, count: count)
    for image in 0..<n {
      for i in 0..<outputHeight {
        for j in 0..<outputWidth {
          for ky in 0..<k {
            for kx in 0..<k {
              let (row, column) = (i * stride - padding + ky, j * stride - padding + kx)
              guard (0..<h).contains(row), (0..<w).contains(column) else { continue }
              for channel in 0..<c {
                let xIndex = ((image * h + row) * w + column) * c + channel
                let wStart = ((ky * k + kx) * c + channel) * f
                let yStart = ((image * outputHeight + i) * outputWidth + j) * f
                switch operation {
                case .input_gradient:
                  for filter in 0..<f {
                    sums[xIndex] += Double(y[yStart + filter]) * Double(kernel[wStart + filter])
                  }
                case .kernel_gradient:
                  for filter in 0..<f {
                    sums[wStart + filter] += Double(x[xIndex]) * Double(y[yStart + filter])
                  }
                default:
                  for filter in 0..<f {
                    sums[yStart + filter] += Double(x[xIndex]) * Double(kernel[wStart + filter])
                  }
                }
              }
            }
          }
        }
      }
    }
    return sums
  }

  static let all = convolutions + transposedConvolutions + others

  /// The shapes of `conv2d` in the conformance set: N, C, F, H, W, kernel, stride, padding.
  private static let convolutions: [ConvolutionCase] = [
    (1, 3, 5, 7, 9, 1, 1, 0), (2, 5, 3, 7, 9, 1, 2, 0), (1, 3, 7, 5, 6, 1, 3, 1),
    (2, 3, 5, 7, 9, 3, 1, 1), (1, 5, 7, 9, 7, 3, 2, 1), (3, 7, 3, 8, 5, 3, 3, 0),
    (2, 3, 5, 6, 11, 3, 1, 3), (1, 3, 4, 7, 9, 3, 2, 0), (2, 3, 8, 8, 12, 4, 2, 1),
    (1, 7, 5, 9, 7, 4, 1, 0), (2, 5, 1, 4, 4, 4, 1, 0), (3, 1, 5, 10, 6, 4, 3, 2),
    (1, 3, 5, 7, 9, 4, 2, 1), (2, 3, 5, 7, 9, 5, 2, 2), (1, 5, 7, 14, 14, 5, 2, 2),
    (3, 1, 3, 12, 20, 5, 2, 2), (2, 7, 3, 9, 11, 5, 1, 2), (1, 3, 5, 11, 8, 5, 3, 1),
    (2, 3, 3, 5, 5, 5, 1, 0), (1, 3, 5, 13, 9, 7, 1, 3), (2, 5, 3, 15, 11, 7, 2, 3),
    (1, 1, 7, 17, 12, 7, 3, 2), (2, 32, 32, 9, 8, 5, 2, 2), (2, 32, 32, 8, 8, 4, 2, 1),
    (1, 33, 31, 7, 6, 3, 1, 1), (2, 3, 32, 16, 16, 5, 2, 2), (2, 1, 32, 14, 14, 5, 2, 2),
  ].map { ConvolutionCase(n: $0, c: $1, f: $2, h: $3, w: $4, k: $5, stride: $6, padding: $7) }

  /// Those of `conv_transpose2d`: N, in, out, H', W', kernel, stride, padding, output padding.
  ///
  /// A transposed convolution's input is y, its output x.
  private static let transposedConvolutions: [ConvolutionCase] = [
    (1, 3, 5, 4, 6, 2, 2, 0, 0), (2, 5, 3, 3, 5, 2, 1, 0, 0), (1, 3, 3, 3, 4, 2, 3, 0, 2),
    (2, 3, 5, 5, 3, 3, 1, 1, 0), (2, 5, 7, 3, 5, 3, 2, 1, 1), (1, 7, 3, 4, 3, 3, 2, 1, 0),
    (3, 3, 5, 3, 3, 3, 3, 0, 1), (1, 3, 5, 4, 5, 3, 3, 2, 2), (2, 5, 3, 1, 1, 4, 1, 0, 0),
    (2, 3, 5, 3, 5, 4, 2, 1, 0), (1, 7, 3, 5, 4, 4, 1, 1, 0), (2, 3, 5, 3, 4, 4, 3, 1, 0),
    (1, 5, 3, 4, 3, 4, 2, 2, 1), (2, 3, 5, 4, 4, 5, 2, 2, 1), (3, 7, 1, 3, 5, 5, 2, 2, 1),
    (1, 5, 3, 5, 4, 5, 1, 2, 0), (2, 3, 7, 4, 3, 5, 3, 1, 1), (1, 3, 5, 3, 4, 5, 2, 1, 0),
    (1, 3, 5, 4, 6, 5, 2, 2, 0), (2, 32, 32, 4, 5, 5, 2, 2, 1), (2, 32, 32, 4, 4, 4, 2, 1, 0),
    (1, 33, 31, 4, 3, 3, 2, 1, 1), (2, 32, 3, 8, 8, 5, 2, 2, 1), (2, 32, 1, 14, 14, 5, 2, 2, 1),
  ].map { n, input, output, h, w, k, stride, padding, outputPadding in
    ConvolutionCase(
      n: n, c: output, f: input, h: (h - 1) * stride - 2 * padding + k + outputPadding,
      w: (w - 1) * stride - 2 * padding + k + outputPadding, k: k, stride: stride,
      padding: padding)
  }

  private static let others: [ConvolutionCase] = [
    // Dot products: several chunks of the depth and a part of one, tasks that end within a tile of
    // channels, tiles of pixels that are not full, phases without taps or pixels.
    (1, 70, 528, 8, 8, 5, 2, 2), (3, 50, 272, 7, 5, 4, 2, 1), (2, 4, 16, 9, 8, 3, 3, 1),
    (1, 7, 32, 1, 5, 3, 2, 1), (2, 9, 16, 5, 4, 1, 2, 0), (3, 13, 48, 5, 6, 3, 1, 1),
    // Odd channel counts around the widths of tiles and panels.
    (3, 7, 74, 6, 5, 5, 2, 2), (2, 11, 33, 9, 8, 4, 2, 1), (2, 74, 7, 5, 6, 3, 1, 1),
    (1, 138, 17, 5, 5, 5, 2, 2), (2, 21, 138, 4, 4, 4, 1, 0), (2, 11, 11, 12, 12, 5, 2, 2),
    // A batch large enough to order pixels by position, also one that is no multiple of a tile.
    (8, 32, 40, 8, 8, 5, 2, 2), (11, 33, 16, 5, 4, 5, 2, 2), (16, 64, 64, 4, 4, 5, 2, 2),
    (9, 32, 48, 7, 7, 4, 2, 1), (8, 36, 32, 6, 6, 7, 3, 3), (13, 40, 32, 3, 5, 3, 1, 2),
    // More depth, columns or rows than one block.
    (4, 300, 40, 4, 4, 3, 2, 1), (2, 40, 300, 4, 4, 3, 1, 1), (8, 96, 64, 8, 8, 5, 2, 2),
    (2, 4, 260, 33, 31, 5, 2, 2), (8, 2, 33, 34, 36, 3, 1, 1),
    // The ends of networks: images, and maps of one pixel.
    (2, 3, 64, 32, 32, 5, 2, 2), (3, 1, 64, 28, 28, 5, 2, 2), (9, 64, 100, 4, 4, 4, 1, 0),
    (1, 64, 100, 4, 4, 4, 1, 0), (3, 100, 1, 4, 4, 4, 1, 0), (1, 3, 32, 70, 300, 5, 2, 2),
    // Rows of the output that only meet padding, strides beyond the kernel, one element.
    (2, 3, 5, 3, 4, 2, 1, 3), (8, 32, 32, 2, 3, 2, 2, 4), (2, 3, 5, 7, 8, 1, 3, 2),
    (2, 40, 5, 9, 10, 2, 3, 0), (1, 1, 1, 1, 1, 1, 1, 0), (1, 1, 1, 3, 1, 1, 2, 2),
    (17, 32, 32, 1, 9, 7, 2, 3),
    // Small enough to be quick, large enough to be cut into chunks of the depth.
    (16, 3, 32, 64, 64, 5, 2, 2),
  ].map { ConvolutionCase(n: $0, c: $1, f: $2, h: $3, w: $4, k: $5, stride: $6, padding: $7) }
}
