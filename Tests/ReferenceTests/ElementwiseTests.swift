import Program
import Reference
import Testing

@Suite("Elementwise operations")
struct ElementwiseTests {
  @Test(
    "Binary operations",
    arguments: zip(
      Op.Binary.allCases,
      [[3.0, 4, 1], [-1, 0, 3], [2, 4, -2], [0.5, 1, -2], [2, 2, 2], [0, 0, 1]]))
  func binary(op: Op.Binary, expected: [Double]) throws {
    let a = Tensor<Double>(shape: [3], elements: [1, 2, 2])
    let b = Tensor<Double>(shape: [3], elements: [2, 2, -1])
    let result = try result([a, b]) { $0.binary(op, $1[0], $1[1]) }
    #expect(result.elements == expected)
  }

  @Test(
    "Unary operations at ¼",
    arguments: zip(
      Op.Unary.allCases,
      // With e = Decimal("0.25").exp() in Python: −¼, e, ln ¼, ln 1¼, (e² − 1)/(e² + 1),
      // 1/(1 + 1/e), √¼, 1/√¼
      [
        -0.25, 1.284025416687741, -1.386294361119891, 0.223143551314210, 0.244918662403709,
        0.562176500885798, 0.5, 2,
      ]))
  func unary(op: Op.Unary, expected: Double) throws {
    let result = try result([Tensor(shape: [], elements: [0.25])]) { $0.unary(op, $1[0]) }
    #expect(abs(result.number - expected) < 1e-14)  // as many digits as are written above
  }

  @Test func select() throws {
    let mask = Tensor<Double>(shape: [3], elements: [0, 1, -2])
    let result = try result([mask, counting([3]), counting([3], from: 4)]) {
      $0.select($1[0], $1[1], $1[2])
    }
    #expect(result.elements == [4, 2, 3])
  }
}
