import CKernels
import Testing

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

  static let all = convolutions + transposedConvolutions + others + fewChannels

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

  /// Of few channels: windows that are read in place, taps that are gathered.
  private static let fewChannels: [ConvolutionCase] = [
    // Each number of channels; windows of 1, 2, 4, 16, 18, 25, 27, 48, 64 and 75 elements.
    (2, 1, 64, 28, 28, 4, 2, 1), (2, 2, 32, 9, 11, 3, 2, 1), (2, 3, 64, 16, 16, 4, 2, 1),
    (1, 4, 96, 14, 10, 4, 2, 1), (3, 1, 32, 14, 14, 5, 2, 2), (1, 3, 32, 9, 9, 3, 1, 1),
    (2, 1, 32, 6, 5, 1, 1, 0), (2, 2, 32, 6, 5, 1, 2, 0), (1, 4, 32, 5, 6, 1, 1, 1),
    (1, 3, 128, 20, 20, 5, 2, 2),
    // More pixels in an image than at once, a row of more; bands of some images and of parts.
    (1, 3, 32, 40, 90, 4, 2, 1), (1, 1, 32, 7, 530, 4, 2, 1), (40, 1, 32, 12, 12, 4, 2, 1),
    (17, 1, 32, 5, 5, 3, 2, 1),
    // Padding beyond the map and the kernel, rows and columns that no window sees.
    (2, 1, 32, 3, 4, 2, 1, 6), (1, 2, 32, 4, 3, 2, 2, 5), (2, 3, 32, 10, 9, 2, 4, 0),
    (1, 1, 32, 11, 13, 3, 5, 1), (2, 1, 7, 9, 9, 1, 7, 0),
    // One, four and seven shifts of the kernel; blocks of 9, 12 and 16 floats.
    (2, 2, 5, 8, 9, 2, 2, 0), (2, 1, 32, 9, 8, 4, 1, 2), (1, 1, 32, 12, 12, 7, 1, 3),
    (2, 3, 32, 11, 12, 5, 3, 1), (1, 4, 32, 13, 9, 6, 3, 2), (2, 4, 5, 9, 12, 6, 4, 1),
    // Fewer pixels than a tile has rows.
    (1, 1, 32, 4, 4, 4, 2, 1), (1, 3, 64, 2, 2, 4, 2, 1),
  ].map { ConvolutionCase(n: $0, c: $1, f: $2, h: $3, w: $4, k: $5, stride: $6, padding: $7) }
}
