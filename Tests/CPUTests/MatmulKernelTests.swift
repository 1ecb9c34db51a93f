import CKernels
import Testing

/// Matrix products, in each build of the inner loops that this processor can run, against plain
/// loops in `Double`.
@Suite struct MatmulKernelTests {
  @Test(arguments: MatmulCase.all)
  func equalsPlainLoops(_ shape: MatmulCase) throws {
    let left = generatedValues(shape.batch * shape.rows * shape.depth, seed: 4)
    let right = generatedValues(shape.batch * shape.depth * shape.columns, seed: 5)
    for (leftTransposed, rightTransposed) in [
      (false, false), (false, true), (true, false), (true, true),
    ] {
      let expected = shape.plainLoops(left, right, leftTransposed, rightTransposed)
      for isa in availableISAs {
        var sizes = ck_matmul_shape(
          batch: Int32(shape.batch), rows: Int32(shape.rows), depth: Int32(shape.depth),
          columns: Int32(shape.columns),
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
    func status(
      _ rows: Int32, _ depth: Int32, _ columns: Int32, batch: Int32 = 1
    ) -> ck_status {
      var plan = ck_plan()
      var shape = ck_matmul_shape(
        batch: batch, rows: rows, depth: depth, columns: columns, left_transposed: false,
        right_transposed: false)
      return ck_plan_matmul(&plan, &shape, .portable)
    }
    #expect(status(1, 1, 1) == .ok)
    #expect(status(0, 1, 1) == .bad_shape)
    #expect(status(1, -1, 1) == .bad_shape)
    #expect(status(1 << 16, 1 << 15, 1) == .too_large)
    #expect(status(1, 1, 1, batch: 0) == .bad_shape)
    #expect(status(1 << 8, 1 << 8, 1, batch: 1 << 15) == .too_large)
  }
}

/// Sizes of [rows, depth] · [depth, columns], `batch` times.
struct MatmulCase: Sendable, CustomTestStringConvertible {
  let batch, rows, depth, columns: Int

  var testDescription: String { "\(batch) of \(rows)×\(depth) · \(depth)×\(columns)" }

  func plainLoops(
    _ left: [Float], _ right: [Float], _ leftTransposed: Bool, _ rightTransposed: Bool
  ) -> [Double] {
    (0..<batch).flatMap { index in
      let left = Array(left[index * rows * depth..<(index + 1) * rows * depth])
      let right = Array(right[index * depth * columns..<(index + 1) * depth * columns])
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
  }

  static let all: [MatmulCase] =
    [
      (1, 1, 1), (2, 3, 5), (3, 7, 11), (5, 100, 33), (4, 64, 1), (7, 129, 17), (1, 513, 2),
      (8, 256, 32), (9, 257, 31), (64, 100, 784), (32, 4096, 1), (1, 33, 700), (300, 20, 10),
      (100, 1024, 96), (16, 1, 48), (257, 513, 65), (6, 5000, 16),
    ].map { MatmulCase(batch: 1, rows: $0, depth: $1, columns: $2) } + batches

  private static let batches: [MatmulCase] = [
    (2, 1, 1, 1), (3, 2, 3, 5), (5, 17, 33, 9), (4, 64, 8, 64), (2, 300, 40, 50), (3, 1, 70, 4),
    (2, 700, 300, 3),
  ].map { MatmulCase(batch: $0, rows: $1, depth: $2, columns: $3) }
}
