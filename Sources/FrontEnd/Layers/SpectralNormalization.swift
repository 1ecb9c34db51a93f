import Program

/// A weight divided by its largest singular value, and what that was estimated with.
///
/// W' = W / σ, σ = uᵀ·W·v. Source: Miyato et al. 2018; PyTorch's `spectral_norm`.
public struct SpectralNormalization: Hashable, Sendable {
  /// W' [out, rest].
  public let weight: Value
  /// The estimates of the singular vectors, [out] and [rest]; the next run starts from `u`.
  public let u: Value
  public let v: Value
  /// Wᵀ [rest, out], of which W' is a function, and u and v are not: the gradient for it, transposed,
  /// is the gradient for W that takes u and v as constants.
  public let variable: Value
}

extension ProgramBuilder {
  /// Improves u by one power iteration and divides the weight [out, rest] by the σ it gives.
  public mutating func spectrallyNormalized(
    _ weight: Value, u: Value, epsilon: Double = 1e-12
  ) -> SpectralNormalization {
    let (rows, columns) = (shape(of: weight)[0], shape(of: weight)[1])
    let v = rightSingularVector(of: weight, u: reshape(u, [rows, 1]), epsilon)
    let newU = leftSingularVector(of: weight, v: v, epsilon)
    return spectrallyNormalized(
      weight, u: reshape(newU, [rows]), v: reshape(v, [columns]))
  }

  /// Divides the weight [out, rest] by uᵀ·W·v, as evaluation does with the u and v of the last
  /// training step.
  public mutating func spectrallyNormalized(
    _ weight: Value, u: Value, v: Value
  ) -> SpectralNormalization {
    let matrix = shape(of: weight)
    let variable = transpose(weight, [1, 0])
    // uᵀ·(Wᵀ)ᵀ·v: [1, out] × [out, rest] × [rest, 1]
    let image = matmul(variable, reshape(v, [matrix[1], 1]), leftTransposed: true)
    let sigma = sum(multiply(image, reshape(u, [matrix[0], 1])))
    let normalized = divide(variable, broadcast(sigma, to: shape(of: variable), axes: []))
    return SpectralNormalization(
      weight: transpose(normalized, [1, 0]), u: u, v: v, variable: variable)
  }

  /// Half a power iteration: u [out, 1] of a weight [out, rest] → v [rest, 1].
  mutating func rightSingularVector(
    of weight: Value, u: Value, _ epsilon: Double = 1e-12
  ) -> Value {
    unitVector(matmul(weight, u, leftTransposed: true), epsilon)
  }

  /// The other half: v [rest, 1] → u [out, 1].
  mutating func leftSingularVector(
    of weight: Value, v: Value, _ epsilon: Double = 1e-12
  ) -> Value {
    unitVector(matmul(weight, v), epsilon)
  }

  /// x / max(‖x‖, epsilon).
  private mutating func unitVector(_ x: Value, _ epsilon: Double) -> Value {
    let length = squareRoot(sum(square(x)))
    let divisor = maximum(length, constant(epsilon))
    return divide(x, broadcast(divisor, to: shape(of: x), axes: []))
  }
}
