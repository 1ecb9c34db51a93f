import Program

/// What the matrix product and the three convolutions mean.
///
/// The convolutions are one sum of triple products image·kernel·output; each leaves out another
/// factor. So each is the gradient of the others, whatever the geometry.
extension Tensor {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func matmul(
    _ left: Tensor, _ right: Tensor, _ sizes: MatrixSizes, as result: Shape
  ) -> Tensor {
    let (rows, inner, columns) = (sizes.rows, sizes.depth, sizes.columns)
    let (rowStride, innerLeftStride) = sizes.leftTransposed ? (1, rows) : (inner, 1)
    var product = Tensor(shape: result, repeating: 0)
    // The offsets below stay within batch × [rows, inner], [inner, columns] and [rows, columns],
    // the counts of the arrays; the pointers do not leave the closures.
    left.elements.withUnsafeBufferPointer { left in
      right.elements.withUnsafeBufferPointer { right in
        product.elements.withUnsafeMutableBufferPointer { product in
          for index in 0..<sizes.batch {
            let (leftStart, rightStart) = (index * rows * inner, index * inner * columns)
            for row in 0..<rows {
              let result = (index * rows + row) * columns
              if sizes.rightTransposed {
                for column in 0..<columns {
                  var sum: Scalar = 0
                  for k in 0..<inner {
                    sum +=
                      left[leftStart + row * rowStride + k * innerLeftStride]
                      * right[rightStart + column * inner + k]
                  }
                  product[result + column] = sum
                }
              } else {
                for k in 0..<inner {
                  let factor = left[leftStart + row * rowStride + k * innerLeftStride]
                  for column in 0..<columns {
                    product[result + column] += factor * right[rightStart + k * columns + column]
                  }
                }
              }
            }
          }
        }
      }
    }
    return product
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func convolution(
    _ x: Tensor, _ kernel: Tensor, _ geometry: ConvolutionGeometry, as result: Shape
  ) -> Tensor {
    var y = Tensor(shape: result, repeating: 0)
    let taps = ConvolutionTaps(geometry, image: x.shape, kernel: kernel.shape, output: result)
    let (channels, filters) = (kernel.shape[2], kernel.shape[3])
    // Taps only name places inside the three shapes; the pointers do not leave the closures.
    x.elements.withUnsafeBufferPointer { x in
      kernel.elements.withUnsafeBufferPointer { kernel in
        y.elements.withUnsafeMutableBufferPointer { y in
          taps.forEach { image, matrix, output in
            // [C] × [C, F] → [F]
            for c in 0..<channels {
              let factor = x[image + c]
              let row = matrix + c * filters
              for f in 0..<filters { y[output + f] += factor * kernel[row + f] }
            }
          }
        }
      }
    }
    return y
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func convolutionInputGradient(
    _ dy: Tensor, _ kernel: Tensor, _ geometry: ConvolutionGeometry, as result: Shape
  ) -> Tensor {
    var dx = Tensor(shape: result, repeating: 0)
    let taps = ConvolutionTaps(geometry, image: result, kernel: kernel.shape, output: dy.shape)
    let (channels, filters) = (kernel.shape[2], kernel.shape[3])
    // Taps only name places inside the three shapes; the pointers do not leave the closures.
    dy.elements.withUnsafeBufferPointer { dy in
      kernel.elements.withUnsafeBufferPointer { kernel in
        dx.elements.withUnsafeMutableBufferPointer { dx in
          taps.forEach { image, matrix, output in
            // [C, F] × [F] → [C]
            for c in 0..<channels {
              let row = matrix + c * filters
              var sum: Scalar = 0
              for f in 0..<filters { sum += kernel[row + f] * dy[output + f] }
              dx[image + c] += sum
            }
          }
        }
      }
    }
    return dx
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func convolutionKernelGradient(
    _ x: Tensor, _ dy: Tensor, _ geometry: ConvolutionGeometry, as result: Shape
  ) -> Tensor {
    var dk = Tensor(shape: result, repeating: 0)
    let taps = ConvolutionTaps(geometry, image: x.shape, kernel: result, output: dy.shape)
    let (channels, filters) = (result[2], result[3])
    // Taps only name places inside the three shapes; the pointers do not leave the closures.
    x.elements.withUnsafeBufferPointer { x in
      dy.elements.withUnsafeBufferPointer { dy in
        dk.elements.withUnsafeMutableBufferPointer { dk in
          taps.forEach { image, matrix, output in
            // [C] ⊗ [F] → [C, F]
            for c in 0..<channels {
              let factor = x[image + c]
              let row = matrix + c * filters
              for f in 0..<filters { dk[row + f] += factor * dy[output + f] }
            }
          }
        }
      }
    }
    return dk
  }
}

/// All meetings of a pixel with an element of a kernel that lies over the image.
///
/// The zeros around the image are left out.
private struct ConvolutionTaps {
  let geometry: ConvolutionGeometry
  // x [N, H, W, C], kernel [K, K, C, F], y [N, H', W', F]
  let (images, height, width, channels): (Int, Int, Int, Int)
  let (kernelHeight, kernelWidth): (Int, Int)
  let (outputHeight, outputWidth, filters): (Int, Int, Int)

  init(_ geometry: ConvolutionGeometry, image: Shape, kernel: Shape, output: Shape) {
    self.geometry = geometry
    (images, height, width, channels) = (image[0], image[1], image[2], image[3])
    (kernelHeight, kernelWidth) = (kernel[0], kernel[1])
    (outputHeight, outputWidth, filters) = (output[1], output[2], output[3])
  }

  /// Calls `body` with the offsets of x[n, h, w, 0], kernel[i, j, 0, 0] and y[n, h', w', 0], where
  /// h = h'·stride − padding + i and w = w'·stride − padding + j.
  @inline(__always)
  func forEach(_ body: (_ image: Int, _ matrix: Int, _ output: Int) -> Void) {
    for n in 0..<images {
      for outputRow in 0..<outputHeight {
        for i in 0..<kernelHeight {
          let row = outputRow * geometry.stride - geometry.padding + i
          guard row >= 0 && row < height else { continue }
          for outputColumn in 0..<outputWidth {
            for j in 0..<kernelWidth {
              let column = outputColumn * geometry.stride - geometry.padding + j
              guard column >= 0 && column < width else { continue }
              body(
                ((n * height + row) * width + column) * channels,
                (i * kernelWidth + j) * channels * filters,
                ((n * outputHeight + outputRow) * outputWidth + outputColumn) * filters)
            }
          }
        }
      }
    }
  }
}
