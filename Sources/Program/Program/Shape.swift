/// The sizes of a tensor, outermost first; a scalar has none.
///
/// Elements lie in row-major order: the last dimension is contiguous.
public struct Shape: Hashable, Sendable {
  public let dimensions: [Int]

  public init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "negative size in \(dimensions)")
    self.dimensions = dimensions
  }

  /// The shape of a single number.
  public static let scalar: Shape = []

  public var rank: Int { dimensions.count }

  /// The number of elements; 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// For each axis, how many elements apart its neighbours are.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
    return strides
  }
}

extension Shape: ExpressibleByArrayLiteral, CustomStringConvertible {
  public init(arrayLiteral dimensions: Int...) { self.init(dimensions) }

  /// As in the text form of a program: `[128, 4, 4, 1024]`.
  public var description: String { "\(dimensions)" }
}
