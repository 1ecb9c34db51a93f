import CKernels
import Program

/// The strided copies that make up a movement operation, one for each operand.
struct Movement: Sendable {
  /// What the result is filled with before anything is copied.
  let fill: Float?
  let copies: [ce_copy_plan]

  /// Elements of a task.
  private static let taskSize = 32768

  init(_ instruction: Instruction, operands: [Shape]) throws(PlanError) {
    let result = instruction.shape
    let source = operands.first ?? .scalar
    switch instruction.op {
    case .transpose(let permutation):
      fill = nil
      copies = [
        try Self.copy(
          sizes: result.dimensions, from: permutation.map { source.strides[$0] },
          to: result.strides)
      ]
    case .slice(let start, _, let stride):
      fill = nil
      copies = [
        try Self.copy(
          sizes: result.dimensions, from: zip(source.strides, stride).map { $0 * $1 },
          to: result.strides,
          sourceOffset: zip(source.strides, start).reduce(0) { $0 + $1.0 * $1.1 })
      ]
    case .pad(let low, _, let interior, let value):
      fill = Float(value)
      copies = [
        try Self.copy(
          sizes: source.dimensions, from: source.strides,
          to: zip(result.strides, interior).map { $0 * ($1 + 1) },
          destinationOffset: zip(result.strides, low).reduce(0) { $0 + $1.0 * $1.1 })
      ]
    case .concatenate(let axis):
      fill = nil
      var copies: [ce_copy_plan] = []
      var position = 0
      for operand in operands {
        copies.append(
          try Self.copy(
            sizes: operand.dimensions, from: operand.strides, to: result.strides,
            destinationOffset: position * result.strides[axis]))
        position += operand[axis]
      }
      self.copies = copies
    case .input, .constant, .random, .unary, .binary, .select, .broadcast, .reshape,
      .meanOverShards,
      .reduceSum, .reduceMaximum,
      .matmul, .convolve, .convolutionInputGradient, .convolutionKernelGradient:
      preconditionFailure("\(instruction.op) moves nothing")
    }
  }

  /// A copy with neighbouring axes merged where both sides allow it.
  static func copy(
    sizes: [Int], from: [Int], to: [Int], sourceOffset: Int = 0, destinationOffset: Int = 0
  ) throws(PlanError) -> ce_copy_plan {
    var axes: [(size: Int, from: Int, to: Int)] = []
    for axis in sizes.indices where sizes[axis] != 1 {
      let (size, from, to) = (sizes[axis], from[axis], to[axis])
      if let last = axes.last, last.from == size * from, last.to == size * to {
        axes[axes.count - 1] = (last.size * size, from, to)
      } else {
        axes.append((size, from, to))
      }
    }
    // One long row is cut, so that threads can share it.
    if axes.isEmpty { axes.append((1, 1, 1)) }
    if axes.count == 1, let only = axes.first, only.size > taskSize, only.size % 1024 == 0 {
      axes = [(only.size / 1024, only.from * 1024, only.to * 1024), (1024, only.from, only.to)]
    }
    guard axes.count <= ce_maximum_rank else {
      throw .unsupported("a copy along \(axes.count) axes")
    }
    var plan = ce_copy_plan()
    plan.rank = Int32(axes.count)
    withUnsafeMutableBytes(of: &plan.size) { $0.store(axes.map(\.size)) }
    withUnsafeMutableBytes(of: &plan.source_stride) { $0.store(axes.map(\.from)) }
    withUnsafeMutableBytes(of: &plan.destination_stride) { $0.store(axes.map(\.to)) }
    plan.source_offset = Int64(sourceOffset)
    plan.destination_offset = Int64(destinationOffset)
    let count = sizes.reduce(1, *)
    let rowSize = max(1, count / max(1, axes[0].size))
    let rows = max(1, taskSize / rowSize)
    plan.rows_per_task = Int64(rows)
    plan.tasks = count == 0 ? 0 : Int32((axes[0].size + rows - 1) / rows)
    return plan
  }
}

extension UnsafeMutableRawBufferPointer {
  /// Writes the numbers into an array of a C struct, which holds at least as many.
  fileprivate func store(_ numbers: [Int]) {
    let elements = bindMemory(to: Int64.self)
    for (index, number) in numbers.enumerated() { elements[index] = Int64(number) }
  }
}
