import Program

/// What the random operation means: the numbers of a stream, in the order of the elements.
extension Tensor {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  static func random(
    _ distribution: Op.Distribution, as result: Shape, stream: Int, key: RandomKey
  ) -> Tensor {
    let stream = RandomStream(key: key, stream: stream)
    let numbers = [Float](unsafeUninitializedCapacity: result.count) { buffer, count in
      // `fill` assigns to every element of the buffer it is given, here all of the capacity asked
      // for.
      stream.fill(UnsafeMutableBufferPointer(rebasing: buffer[..<result.count]), distribution)
      count = result.count
    }
    return Tensor(shape: result, elements: numbers.map { Scalar($0) })
  }
}
