import Program
import Reference
import Testing

@Suite("Contraction")
struct ContractionTests {
  @Test(
    "The matrix product, each operand transposed or not", arguments: [false, true], [false, true])
  func matmul(leftTransposed: Bool, rightTransposed: Bool) throws {
    // [1 2 3; 4 5 6] × [1 2; 3 4; 5 6] = [22 28; 49 64]
    let product = try result([counting([2, 3]), counting([3, 2])]) { builder, x in
      builder.matmul(
        leftTransposed ? builder.transpose(x[0], [1, 0]) : x[0],
        rightTransposed ? builder.transpose(x[1], [1, 0]) : x[1],
        leftTransposed: leftTransposed, rightTransposed: rightTransposed)
    }
    #expect(product == Tensor(shape: [2, 2], elements: [22, 28, 49, 64]))
  }

  @Test(
    "Of operands of rank 3, matrix by matrix", arguments: [false, true], [false, true])
  func matmulOfBatches(leftTransposed: Bool, rightTransposed: Bool) throws {
    // [1 2] × [1; 2] = 5, [3 4] × [3; 4] = 25
    let product = try result([counting([2, 1, 2]), counting([2, 2, 1])]) { builder, x in
      builder.matmul(
        leftTransposed ? builder.transpose(x[0], [0, 2, 1]) : x[0],
        rightTransposed ? builder.transpose(x[1], [0, 2, 1]) : x[1],
        leftTransposed: leftTransposed, rightTransposed: rightTransposed)
    }
    #expect(product == Tensor(shape: [2, 1, 1], elements: [5, 25]))
  }

  static let geometry = ConvolutionGeometry(stride: 2, padding: 1)

  @Test func convolve() throws {
    // The image 1 ... 9 in a border of zeros, the kernel 1 2; 3 4 at (0, 0), (0, 2), (2, 0), (2, 2)
    let y = try result([counting([1, 3, 3, 1]), counting([2, 2, 1, 1])]) {
      $0.convolve($1[0], $1[1], Self.geometry)
    }
    // 4·1 | 3·2 + 4·3 | 2·4 + 4·7 | 1·5 + 2·6 + 3·8 + 4·9
    #expect(y == Tensor(shape: [1, 2, 2, 1], elements: [4, 18, 36, 77]))
  }

  @Test("Channels and filters")
  func convolveChannels() throws {
    // A 1 × 1 kernel is a matrix product per pixel: [1 2; 3 4] × [1 2 3; 4 5 6]
    let y = try result([counting([1, 2, 1, 2]), counting([1, 1, 2, 3])]) {
      $0.convolve($1[0], $1[1], ConvolutionGeometry(stride: 1, padding: 0))
    }
    #expect(y == Tensor(shape: [1, 2, 1, 3], elements: [9, 12, 15, 19, 26, 33]))
  }

  @Test("The transposed convolution writes the kernel at each place, scaled")
  func convolutionInputGradient() throws {
    let x = try result([counting([1, 2, 2, 1]), counting([2, 2, 1, 1])]) {
      $0.convolutionInputGradient($1[0], $1[1], Self.geometry, height: 3, width: 3)
    }
    // Kernels 1·k, 2·k, 3·k, 4·k side by side in 4 × 4, without the border of 1:
    //   1 2 2  4          4  6  8
    //   3 4 6  8    →     6  4  8
    //   3 6 4  8         12 12 16
    //   9 12 12 16
    #expect(x == Tensor(shape: [1, 3, 3, 1], elements: [4, 6, 8, 6, 4, 8, 12, 12, 16]))
  }

  @Test func convolutionKernelGradient() throws {
    let kernel = try result([counting([1, 3, 3, 1]), counting([1, 2, 2, 1])]) {
      $0.convolutionKernelGradient($1[0], $1[1], Self.geometry, kernelHeight: 2, kernelWidth: 2)
    }
    // At (0, 0) of the kernel lie 0, 0, 0, 5; at (0, 1): 0, 0, 4, 6; then 0, 2, 0, 8 and 1, 3, 7, 9
    #expect(kernel == Tensor(shape: [2, 2, 1, 1], elements: [20, 36, 36, 64]))
  }
}
