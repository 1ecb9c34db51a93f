/// The primitive operations that every program is made of.
///
/// The set is closed under differentiation: a gradient is written in the same operations, so it can
/// be verified, planned, run and differentiated again. Images are [N, H, W, C]; convolution kernels
/// are [K, K, C, F] (rows, columns, in, out). Each operation has one counterpart in StableHLO.
public enum Op: Hashable, Sendable {
  // Sources.

  /// A tensor given by name at each run. An output of the same name replaces it for the next run.
  case input(String)
  /// One number in every element.
  case constant(Double)
  /// Independent random numbers, a function of the run's key, `stream` and the element's position.
  case random(Distribution, stream: Int)

  // Elementwise: all operands have the result's shape.

  case unary(Unary)
  case binary(Binary)
  /// (mask, a, b) → a where mask is not 0, else b.
  case select

  // Movement.

  /// Repeats elements: axis i of the operand becomes `axes[i]` of the result, where it keeps its
  /// size; all other axes of the result repeat. `axes` ascend.
  case broadcast(axes: [Int])
  /// The same elements in the same order under another shape.
  case reshape
  /// Axis i of the result is axis `permutation[i]` of the operand.
  case transpose(permutation: [Int])
  /// Surrounds (`low`, `high`) and spreads (`interior` elements between neighbours) with `value`.
  case pad(low: [Int], high: [Int], interior: [Int], value: Double)
  /// Elements start, start + stride, … below limit, on every axis.
  case slice(start: [Int], limit: [Int], stride: [Int])
  /// Operands side by side along `axis`.
  case concatenate(axis: Int)

  // Between shards.

  /// The mean, element by element, over the shards of a batch, each of which runs the program. A
  /// program that runs alone is its only shard: to it the operand itself.
  case meanOverShards

  // Contraction.

  /// Sums over `axes` (ascending), which vanish from the shape.
  case reduceSum(axes: [Int])
  /// The largest number over `axes` (ascending), which vanish from the shape; −∞ of none.
  case reduceMaximum(axes: [Int])
  /// left [M, K] × right [K, N] → [M, N]; a transposed operand is given as [K, M] or [N, K].
  /// Operands of rank 3 are B matrices each: [B, M, K] × [B, K, N] → [B, M, N].
  case matmul(leftTransposed: Bool, rightTransposed: Bool)
  /// x [N, H, W, C], kernel [K, K, C, F] → [N, H', W', F],
  /// H' = ⌊(H + 2·padding − K) / stride⌋ + 1. The kernel is not flipped.
  case convolve(ConvolutionGeometry)
  /// The gradient of `convolve` for x: dy [N, H', W', F], kernel [K, K, C, F] → [N, H, W, C].
  /// This is also the transposed (fractionally-strided) convolution, for which H and W are chosen
  /// by the output padding; `height` and `width` say them, since ⌊⌋ above loses them.
  case convolutionInputGradient(ConvolutionGeometry, height: Int, width: Int)
  /// The gradient of `convolve` for the kernel: x [N, H, W, C], dy [N, H', W', F] → [K, K, C, F].
  case convolutionKernelGradient(ConvolutionGeometry, kernelHeight: Int, kernelWidth: Int)

  public enum Unary: String, Hashable, Sendable, CaseIterable {
    case negate
    case exp
    case log
    /// log(1 + x), exact for small x.
    case logPlusOne = "log_plus_one"
    case tanh
    /// 1 / (1 + exp(−x)).
    case logistic
    case squareRoot = "sqrt"
    /// 1 / √x.
    case reciprocalSquareRoot = "rsqrt"
  }

  public enum Binary: String, Hashable, Sendable, CaseIterable {
    case add
    case subtract
    case multiply
    case divide
    /// The larger operand; of equal ones the second, which then also gets the whole gradient.
    case maximum
    /// 1 where the first operand is greater, else 0; its gradient is 0.
    case greater
  }

  public enum Distribution: String, Hashable, Sendable, CaseIterable {
    /// Uniform on [0, 1).
    case uniform
    /// Mean 0, standard deviation 1.
    case normal
  }
}

/// How a kernel steps over an image; the same on both axes.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Distance between neighbouring positions of the kernel, at least 1.
  public let stride: Int
  /// Rows and columns of zeros on each side of the image, at least 0.
  public let padding: Int

  public init(stride: Int, padding: Int) {
    self.stride = stride
    self.padding = padding
  }

  /// The number of kernel positions along an axis, H' = ⌊(H + 2·padding − K) / stride⌋ + 1; nil
  /// where the kernel does not fit.
  public func outputSize(input: Int, kernel: Int) -> Int? {
    let room = input + 2 * padding - kernel
    return room < 0 ? nil : room / stride + 1
  }
}
