import Program

/// A shape and its elements in row-major order.
public struct Tensor<Scalar: ReferenceScalar>: Hashable, Sendable {
  public let shape: Shape
  /// As many as the shape says.
  public internal(set) var elements: [Scalar]

  public init(shape: Shape, elements: [Scalar]) {
    precondition(elements.count == shape.count, "\(elements.count) elements for \(shape)")
    self.shape = shape
    self.elements = elements
  }

  public init(shape: Shape, repeating element: Scalar) {
    self.shape = shape
    elements = Array(repeating: element, count: shape.count)
  }

  /// The same numbers, rounded to this scalar.
  @_specialize(where Scalar == Float, Other == Double)
  @_specialize(where Scalar == Double, Other == Float)
  public init<Other>(_ other: Tensor<Other>) {
    shape = other.shape
    elements = other.elements.map { Scalar($0) }
  }

  /// The number of a scalar tensor.
  public var number: Scalar {
    precondition(elements.count == 1, "\(shape) is not one number")
    return elements[0]
  }
}
