import Program

/// Matrix products of which one size is 1 are as many multiplications as numbers that are read or
/// written: passes over memory, fused with what is computed before and after them.
extension FusionGraph {
  /// The node of op(left) [rows, depth] · op(right) [depth, columns], where one of these is 1; else
  /// nil.
  ///
  /// A logit's row of weights is such a matrix, in its product and in both gradients.
  mutating func thinProduct(
    _ left: Int, _ right: Int, _ sizes: MatrixSizes, _ index: Int
  ) -> Int? {
    guard sizes.batch == 1 else { return nil }
    let (rows, depth, columns) = (sizes.rows, sizes.depth, sizes.columns)
    if depth == 1 {
      // out[r, c] = left[r] · right[c]
      let a = broadcast(left, along: 0, of: [rows, columns], index)
      let b = broadcast(right, along: 1, of: [rows, columns], index)
      return elementwise(.binary(.multiply), [a, b], rows * columns, index)
    }
    if columns == 1 {
      return vectorProduct(
        matrix: left, count: rows, isTransposed: sizes.leftTransposed, vector: right, depth, index)
    }
    if rows == 1 {
      return vectorProduct(
        matrix: right, count: columns, isTransposed: !sizes.rightTransposed, vector: left, depth,
        index)
    }
    return nil
  }

  /// out[i] = Σₖ matrix[i, k] · vector[k]; transposed, the matrix is stored as [depth, count].
  private mutating func vectorProduct(
    matrix: Int, count: Int, isTransposed: Bool, vector: Int, _ depth: Int, _ index: Int
  ) -> Int {
    let sizes = isTransposed ? [depth, count] : [count, depth]
    let depthAxis = isTransposed ? 0 : 1
    let spread = broadcast(vector, along: depthAxis, of: sizes, index)
    let products = elementwise(.binary(.multiply), [matrix, spread], count * depth, index)
    let runs = AxisRun.merged(sizes: sizes) { $0 != depthAxis }
    return sum(products, runs, count, index)
  }

  private mutating func broadcast(
    _ operand: Int, along axis: Int, of sizes: [Int], _ index: Int
  ) -> Int {
    let runs = AxisRun.merged(sizes: sizes) { $0 == axis }
    return broadcast(operand, runs, sizes[0] * sizes[1], index)
  }
}
