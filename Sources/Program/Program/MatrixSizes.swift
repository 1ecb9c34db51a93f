/// The sizes of op(left) [rows, depth] · op(right) [depth, columns], `batch` times.
public struct MatrixSizes: Hashable, Sendable {
  /// Products, one behind the other; 1 where the operands are plain matrices.
  public let batch: Int
  public let rows: Int
  public let depth: Int
  public let columns: Int
  /// Whether each left matrix is stored as [depth, rows].
  public let leftTransposed: Bool
  /// Whether each right matrix is stored as [columns, depth].
  public let rightTransposed: Bool

  /// Of operands of the same rank, 2 or 3; nil where they do not fit each other.
  public init?(left: Shape, right: Shape, leftTransposed: Bool, rightTransposed: Bool) {
    guard left.rank == right.rank, (2...3).contains(left.rank) else { return nil }
    let (down, across) = (left.rank - 2, left.rank - 1)
    guard down == 0 || left[0] == right[0] else { return nil }
    batch = down == 0 ? 1 : left[0]
    (rows, depth) =
      leftTransposed ? (left[across], left[down]) : (left[down], left[across])
    let inner: Int
    (inner, columns) =
      rightTransposed ? (right[across], right[down]) : (right[down], right[across])
    guard inner == depth else { return nil }
    self.leftTransposed = leftTransposed
    self.rightTransposed = rightTransposed
  }
}
