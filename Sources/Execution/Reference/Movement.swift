import Program

/// What the operations mean that move elements, and the sum, which moves and adds them.
///
/// All are one walk over two buffers: a rectangle of positions, each with a place in the source
/// and a place in the result, both linear in the position.
extension Tensor {
  func broadcast(to result: Shape, axes: [Int]) -> Tensor {
    var strides = [Int](repeating: 0, count: result.rank)
    for (axis, stride) in zip(axes, shape.strides) { strides[axis] = stride }
    return gathered(as: result, Places(strides: strides))
  }

  func transposed(_ permutation: [Int]) -> Tensor {
    gathered(
      as: Shape(permutation.map { shape[$0] }),
      Places(strides: permutation.map { shape.strides[$0] }))
  }

  func sliced(start: [Int], stride: [Int], as result: Shape) -> Tensor {
    gathered(
      as: result,
      Places(
        first: zip(start, shape.strides).map(*).reduce(0, +),
        strides: zip(stride, shape.strides).map(*)))
  }

  func padded(low: [Int], interior: [Int], value: Double, as result: Shape) -> Tensor {
    var padded = Tensor(shape: result, repeating: Scalar(value))
    padded.scatter(
      self,
      Places(
        first: zip(low, result.strides).map(*).reduce(0, +),
        strides: zip(interior, result.strides).map { ($0 + 1) * $1 }))
    return padded
  }

  static func concatenated(_ parts: [Tensor], axis: Int, as result: Shape) -> Tensor {
    var whole = Tensor(shape: result, repeating: 0)
    var position = 0
    for part in parts {
      whole.scatter(
        part, Places(first: position * result.strides[axis], strides: result.strides))
      position += part.shape[axis]
    }
    return whole
  }

  func reduced(
    axes: [Int], as result: Shape, from start: Scalar, _ combine: (Scalar, Scalar) -> Scalar
  ) -> Tensor {
    var strides = [Int](repeating: 0, count: shape.rank)
    let kept = shape.dimensions.indices.filter { !axes.contains($0) }
    for (axis, stride) in zip(kept, result.strides) { strides[axis] = stride }
    var reduced = Tensor(shape: result, repeating: start)
    reduced.accumulate(self, Places(strides: strides), combine)
    return reduced
  }

  // MARK: The walk

  /// Where in a buffer the elements of a rectangle lie.
  private struct Places {
    var first = 0
    let strides: [Int]
  }

  /// Fills `result` in order from `places` of this tensor.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func gathered(as result: Shape, _ places: Places) -> Tensor {
    var gathered: [Scalar] = []
    gathered.reserveCapacity(result.count)
    Self.forEachPlace(places, in: result) { place in gathered.append(elements[place]) }
    return Tensor(shape: result, elements: gathered)
  }

  /// Writes the elements of `source`, in order, to `places` of this tensor.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private mutating func scatter(_ source: Tensor, _ places: Places) {
    var next = 0
    Self.forEachPlace(places, in: source.shape) { place in
      elements[place] = source.elements[next]
      next += 1
    }
  }

  /// Combines the elements of `source`, in order, with those at `places` of this tensor.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private mutating func accumulate(
    _ source: Tensor, _ places: Places, _ combine: (Scalar, Scalar) -> Scalar
  ) {
    var next = 0
    Self.forEachPlace(places, in: source.shape) { place in
      elements[place] = combine(elements[place], source.elements[next])
      next += 1
    }
  }

  @inline(__always)
  private static func forEachPlace(
    _ places: Places, in shape: Shape, _ body: (_ place: Int) -> Void
  ) {
    guard shape.count > 0 else { return }
    let innerSize = shape.dimensions.last ?? 1
    let innerStride = places.strides.last ?? 0
    let outerAxes = max(shape.rank - 1, 0)
    var position = [Int](repeating: 0, count: outerAxes)
    var row = places.first
    while true {
      var place = row
      for _ in 0..<innerSize {
        body(place)
        place += innerStride
      }
      // The next row: count up the innermost axis that is not at its end.
      var axis = outerAxes - 1
      while axis >= 0 {
        position[axis] += 1
        row += places.strides[axis]
        if position[axis] < shape[axis] { break }
        row -= position[axis] * places.strides[axis]
        position[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
