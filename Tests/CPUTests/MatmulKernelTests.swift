import CKernels
import Testing

/// Matrix products, in each build of the inner loops that this processor can run, against plain
/// loops in `Double`.
@Suite struct MatmulKernelTests {
  @Test(arguments: MatmulCase.all)
  func equalsPlainLoops(_ shape: MatmulCase) throws {
    let left = generatedValues(shape.rows * shape.depth, seed: 4)
    let right = generatedValues(shape.depth * shape.columns, seed: 5)
    for (leftTransposed, rightTransposed) in [
      (false, false), (false, true), (true, false), (true, true),
    ] {
      let expected = shape.plainLoops(left, right, leftTransposed, rightTransposed)
      for isa in availableISAs {
        var sizes = ck_matmul_shape(
          rows: Int32(shape.rows), depth: Int32(shape.depth), columns: Int32(shape.columns),
          left_transposed: leftTransposed, right_transposed: rightTransposed)
        var plan = ck_plan()
        try #require(ck_plan_matmul(&plan, &sizes, isa) == .ok)
        let forward = run(plan, left, right, outputCount: expected.count, order: .forward)
        let problem = firstDifference(forward, expected, terms: shape.depth)
        #expect(problem == nil, "\(isa) \(shape) \(leftTransposed) \(rightTransposed)")
        for order in [TaskOrder.reversed, .interleaved] {
          let again = run(plan, left, right, outputCount: expected.count, order: order)
          #expect(sameBits(forward, again), "\(isa) \(shape) \(order)")
        }
      }
    }
  }

  @Test func impossibleShapesAreRefused() {
    func status(_ rows: Int32, _ depth: Int32, _ columns: Int32) -> ck_status {
      var plan = ck_plan()
      var shape = ck_matmul_shape(
        rows: rows, depth: depth, columns: columns, left_transposed: false,
        right_transposed: false)
      return ck_plan_matmul(&plan, &shape, .portable)
    }
    #expect(status(1, 1, 1) == .ok)
    #expect(status(0, 1, 1) == .bad_shape)
    #expect(status(1, -1, 1) == .bad_shape)
    #expect(status(1 << 16, 1 << 15, 1) == .too_large)
  }
}

/// Sizes of [rows, depth] · [depth, columns].
struct MatmulCase: Sendable, CustomTestStringConvertible {
  let rows, depth, columns: Int

  var testDescription: String { "\(rows)×\(depth) · \(depth)×\(columns)" }

  func plainLoops(
    _ left: [Float], _ right: [Float], _ leftTransposed: Bool, _ rightTransposed: Bool
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for k in 0..<depth {
        let value = Double(leftTransposed ? left[k * rows + row] : left[row * depth + k])
        for column in 0..<columns {
          let other = rightTransposed ? right[column * depth + k] : right[k * columns + column]
          sums[row * columns + column] += value * Double(other)
        }
      }
    }
    return sums
  }

  static let all: [MatmulCase] = [
    (1, 1, 1), (2, 3, 5), (3, 7, 11), (5, 100, 33), (4, 64, 1), (7, 129, 17), (1, 513, 2),
    (8, 256, 32), (9, 257, 31), (64, 100, 784), (32, 4096, 1), (1, 33, 700), (300, 20, 10),
    (100, 1024, 96), (16, 1, 48), (257, 513, 65), (6, 5000, 16),
  ].map { MatmulCase(rows: $0, depth: $1, columns: $2) }
}
