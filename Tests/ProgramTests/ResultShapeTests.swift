import Program
import Testing

@Suite("Shape rules")
struct ResultShapeTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let op: Op
    let operands: [Shape]
    var stated: Shape?
    let result: Shape?

    var testDescription: String {
      "\(op.name) of \(operands) is \(result.map(\.description) ?? "refused")"
    }
  }

  static let stride2 = ConvolutionGeometry(stride: 2, padding: 1)

  @Test(arguments: [
    Case(op: .constant(1), operands: [], stated: [2], result: [2]),
    Case(op: .constant(1), operands: [], result: nil),
    Case(op: .random(.normal, stream: -1), operands: [], stated: [2], result: nil),
    Case(op: .unary(.exp), operands: [[2, 3]], result: [2, 3]),
    Case(op: .unary(.exp), operands: [[2], [2]], result: nil),
    Case(op: .binary(.add), operands: [[2, 3], [2, 3]], result: [2, 3]),
    Case(op: .binary(.add), operands: [[2, 3], [3]], result: nil),
    Case(op: .select, operands: [[2], [2], [2]], result: [2]),

    Case(op: .broadcast(axes: [1]), operands: [[3]], stated: [2, 3], result: [2, 3]),
    Case(op: .broadcast(axes: [0]), operands: [[3]], stated: [2, 3], result: nil),
    Case(op: .broadcast(axes: [1, 0]), operands: [[3, 3]], stated: [3, 3], result: nil),
    Case(op: .reshape, operands: [[2, 6]], stated: [3, 4], result: [3, 4]),
    Case(op: .reshape, operands: [[2, 6]], stated: [3, 5], result: nil),
    Case(op: .transpose(permutation: [2, 0, 1]), operands: [[2, 3, 4]], result: [4, 2, 3]),
    Case(op: .transpose(permutation: [0, 0, 1]), operands: [[2, 3, 4]], result: nil),
    // 1 + 3 + 2 gaps of 2 + 0
    Case(op: .pad(low: [1], high: [0], interior: [2], value: 0), operands: [[3]], result: [8]),
    Case(op: .pad(low: [-1], high: [0], interior: [0], value: 0), operands: [[3]], result: nil),
    // Elements 1, 3 and 5, whether the limit is 6 or 7
    Case(op: .slice(start: [1], limit: [6], stride: [2]), operands: [[7]], result: [3]),
    Case(op: .slice(start: [1], limit: [7], stride: [2]), operands: [[7]], result: [3]),
    Case(op: .slice(start: [1], limit: [8], stride: [2]), operands: [[7]], result: nil),
    Case(op: .concatenate(axis: 1), operands: [[2, 3], [2, 1], [2, 4]], result: [2, 8]),
    Case(op: .concatenate(axis: 1), operands: [[2, 3], [3, 3]], result: nil),

    Case(op: .reduceSum(axes: [0, 2]), operands: [[2, 3, 4]], result: [3]),
    Case(op: .reduceSum(axes: [2, 0]), operands: [[2, 3, 4]], result: nil),
    Case(
      op: .matmul(leftTransposed: false, rightTransposed: false), operands: [[2, 3], [3, 5]],
      result: [2, 5]),
    Case(
      op: .matmul(leftTransposed: true, rightTransposed: true), operands: [[3, 2], [5, 3]],
      result: [2, 5]),
    Case(
      op: .matmul(leftTransposed: true, rightTransposed: false), operands: [[2, 3], [3, 5]],
      result: nil),
    Case(
      op: .matmul(leftTransposed: false, rightTransposed: true),
      operands: [[4, 2, 3], [4, 5, 3]], result: [4, 2, 5]),
    Case(
      op: .matmul(leftTransposed: false, rightTransposed: false),
      operands: [[4, 2, 3], [2, 3, 5]], result: nil),
    Case(
      op: .matmul(leftTransposed: false, rightTransposed: false), operands: [[4, 2, 3], [3, 5]],
      result: nil),

    // (8 + 2 − 3)/2 = 3.5 → 3, + 1; (7 + 2 − 3)/2 = 3, + 1: both give 4
    Case(op: .convolve(stride2), operands: [[1, 8, 7, 2], [3, 3, 2, 5]], result: [1, 4, 4, 5]),
    Case(op: .convolve(stride2), operands: [[1, 8, 8, 2], [3, 3, 3, 5]], result: nil),
    // (1 + 2 − 4) < 0: the kernel does not fit
    Case(op: .convolve(stride2), operands: [[1, 1, 1, 2], [4, 4, 2, 5]], result: nil),
    Case(
      op: .convolve(ConvolutionGeometry(stride: 0, padding: 0)),
      operands: [[1, 8, 8, 2], [3, 3, 2, 5]], result: nil),
    // (4 − 1)·2 − 2 + 3 = 7 without output padding, 8 with 1; 9 would give 5 × 5 back
    Case(
      op: .convolutionInputGradient(stride2, height: 7, width: 7),
      operands: [[1, 4, 4, 5], [3, 3, 2, 5]], result: [1, 7, 7, 2]),
    Case(
      op: .convolutionInputGradient(stride2, height: 8, width: 7),
      operands: [[1, 4, 4, 5], [3, 3, 2, 5]], result: [1, 8, 7, 2]),
    Case(
      op: .convolutionInputGradient(stride2, height: 9, width: 7),
      operands: [[1, 4, 4, 5], [3, 3, 2, 5]], result: nil),
    Case(
      op: .convolutionKernelGradient(stride2, kernelHeight: 3, kernelWidth: 4),
      operands: [[1, 8, 8, 2], [1, 4, 4, 5]], result: [3, 4, 2, 5]),
    Case(
      op: .convolutionKernelGradient(stride2, kernelHeight: 5, kernelWidth: 3),
      operands: [[1, 8, 8, 2], [1, 4, 4, 5]], result: nil),
  ])
  func shapeRule(_ example: Case) {
    let shape = try? example.op.resultShape(operands: example.operands, stated: example.stated)
    #expect(shape == example.result)
  }

  @Test("A stated shape must be the one that follows")
  func statedShape() {
    #expect(throws: ShapeMismatch("[3] is stated, [2] follows from the operands")) {
      try Op.unary(.exp).resultShape(operands: [[2]], stated: [3])
    }
  }
}
