/// Why operands and attributes do not fit an operation.
public struct ShapeMismatch: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

extension Op {
  /// The shape of the result: the one place that knows the shape rule of every operation.
  ///
  /// `stated` is the result's shape where the operands do not determine it; elsewhere it must be
  /// nil or agree.
  public func resultShape(operands: [Shape], stated: Shape?) throws(ShapeMismatch) -> Shape {
    try expect(operandCount.contains(operands.count), "\(operands.count) operands")
    let shape = try inferredShape(operands, stated)
    if let stated {
      try expect(stated == shape, "\(stated) is stated, \(shape) follows from the operands")
    }
    return shape
  }

  private var operandCount: ClosedRange<Int> {
    switch self {
    case .input, .constant, .random: 0...0
    case .unary, .broadcast, .reshape, .transpose, .pad, .slice, .meanOverShards, .reduceSum,
      .reduceMaximum:
      1...1
    case .binary, .matmul, .convolve, .convolutionInputGradient, .convolutionKernelGradient: 2...2
    case .select: 3...3
    case .concatenate: 1...Int.max
    }
  }

  private func inferredShape(_ operands: [Shape], _ stated: Shape?) throws(ShapeMismatch) -> Shape {
    switch self {
    case .input, .constant:
      return try require(stated, "a shape must be stated")

    case .random(_, let stream):
      try expect(UInt32(exactly: stream) != nil, "stream \(stream)")
      return try require(stated, "a shape must be stated")

    case .unary, .binary, .select, .meanOverShards:
      try expect(operands.allSatisfy { $0 == operands[0] }, "operands of shapes \(operands)")
      return operands[0]

    case .broadcast(let axes):
      let result = try require(stated, "a shape must be stated")
      try expect(axes.count == operands[0].rank && axes.isAscending, "axes \(axes)")
      for (axis, size) in zip(axes, operands[0].dimensions) {
        try expect(
          result.dimensions.indices.contains(axis) && result[axis] == size,
          "\(operands[0]) along \(axes) into \(result)")
      }
      return result

    case .reshape:
      let result = try require(stated, "a shape must be stated")
      try expect(result.count == operands[0].count, "\(operands[0]) as \(result)")
      return result

    case .transpose(let permutation):
      try expect(permutation.sorted() == Array(0..<operands[0].rank), "permutation \(permutation)")
      return Shape(permutation.map { operands[0][$0] })

    case .pad(let low, let high, let interior, _):
      let x = operands[0]
      try expect([low, high, interior].allSatisfy { $0.count == x.rank }, "wrong number of axes")
      try expect((low + high + interior).allSatisfy { $0 >= 0 }, "negative padding")
      return Shape(
        x.dimensions.indices.map { axis in
          low[axis] + x[axis] + max(x[axis] - 1, 0) * interior[axis] + high[axis]
        })

    case .slice(let start, let limit, let stride):
      let x = operands[0]
      try expect([start, limit, stride].allSatisfy { $0.count == x.rank }, "wrong number of axes")
      for axis in x.dimensions.indices {
        try expect(
          start[axis] >= 0 && start[axis] <= limit[axis] && limit[axis] <= x[axis]
            && stride[axis] >= 1, "\(start) to \(limit) by \(stride) of \(x)")
      }
      return Shape(
        x.dimensions.indices.map { (limit[$0] - start[$0] + stride[$0] - 1) / stride[$0] })

    case .concatenate(let axis):
      try expect(operands[0].dimensions.indices.contains(axis), "axis \(axis) of \(operands[0])")
      var result = operands[0].dimensions
      for next in operands.dropFirst() {
        var aligned = next.dimensions
        try expect(aligned.count == result.count, "operands of shapes \(operands)")
        aligned[axis] = result[axis]
        try expect(aligned == result, "operands of shapes \(operands) along axis \(axis)")
        result[axis] += next[axis]
      }
      return Shape(result)

    case .reduceSum(let axes), .reduceMaximum(let axes):
      try expect(
        axes.isAscending && axes.allSatisfy(operands[0].dimensions.indices.contains),
        "axes \(axes) of \(operands[0])")
      return Shape(
        operands[0].dimensions.indices.filter { !axes.contains($0) }.map { operands[0][$0] })

    case .matmul(let leftTransposed, let rightTransposed):
      let (left, right) = (operands[0], operands[1])
      let sizes = try require(
        MatrixSizes(
          left: left, right: right, leftTransposed: leftTransposed,
          rightTransposed: rightTransposed),
        "\(left) × \(right)")
      let product = [sizes.rows, sizes.columns]
      return Shape(left.rank == 2 ? product : [sizes.batch] + product)

    case .convolve(let geometry):
      let (x, kernel) = (operands[0], operands[1])
      try expectSound(geometry)
      try expect(x.rank == 4 && kernel.rank == 4 && x[3] == kernel[2], "\(x) with kernel \(kernel)")
      let height = geometry.outputSize(input: x[1], kernel: kernel[0])
      let width = geometry.outputSize(input: x[2], kernel: kernel[1])
      return [
        x[0], try require(height, "kernel \(kernel) does not fit \(x)"),
        try require(width, "kernel \(kernel) does not fit \(x)"), kernel[3],
      ]

    case .convolutionInputGradient(let geometry, let height, let width):
      let (dy, kernel) = (operands[0], operands[1])
      try expectSound(geometry)
      try expect(height >= 0 && width >= 0, "height \(height), width \(width)")
      try expect(dy.rank == 4 && kernel.rank == 4 && dy[3] == kernel[3], "\(dy), kernel \(kernel)")
      try expect(
        geometry.outputSize(input: height, kernel: kernel[0]) == dy[1]
          && geometry.outputSize(input: width, kernel: kernel[1]) == dy[2],
        "\(height)×\(width) under kernel \(kernel) does not give \(dy)")
      return [dy[0], height, width, kernel[2]]

    case .convolutionKernelGradient(let geometry, let kernelHeight, let kernelWidth):
      let (x, dy) = (operands[0], operands[1])
      try expectSound(geometry)
      try expect(kernelHeight >= 0 && kernelWidth >= 0, "kernel \(kernelHeight)×\(kernelWidth)")
      try expect(x.rank == 4 && dy.rank == 4 && x[0] == dy[0], "\(x) and \(dy)")
      try expect(
        geometry.outputSize(input: x[1], kernel: kernelHeight) == dy[1]
          && geometry.outputSize(input: x[2], kernel: kernelWidth) == dy[2],
        "\(x) under a \(kernelHeight)×\(kernelWidth) kernel does not give \(dy)")
      return [kernelHeight, kernelWidth, x[3], dy[3]]
    }
  }

  private func expectSound(_ geometry: ConvolutionGeometry) throws(ShapeMismatch) {
    try expect(geometry.stride >= 1 && geometry.padding >= 0, "\(geometry)")
  }

  private func expect(
    _ condition: Bool, _ message: @autoclosure () -> String
  ) throws(ShapeMismatch) {
    if !condition { throw ShapeMismatch(message()) }
  }

  private func require<T>(_ value: T?, _ message: String) throws(ShapeMismatch) -> T {
    guard let value else { throw ShapeMismatch(message) }
    return value
  }
}

extension [Int] {
  fileprivate var isAscending: Bool { zip(self, dropFirst()).allSatisfy { $0 < $1 } }
}
