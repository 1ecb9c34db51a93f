import Program
import Reference
import Testing

@Suite("The reference interpreter")
struct ReferenceInterpreterTests {
  /// The result of one operation on numbers written down row by row.
  static func result(
    _ operands: [Tensor<Double>], _ body: (inout ProgramBuilder, [Value]) -> Value
  ) throws -> Tensor<Double> {
    var builder = ProgramBuilder()
    let names = operands.indices.map { "operand\($0)" }
    let values = zip(names, operands).map { builder.input($0, $1.shape) }
    let result = body(&builder, values)
    let program = builder.program(outputs: [("result", result)])
    let inputs = Dictionary(uniqueKeysWithValues: zip(names, operands))
    return try #require(try ReferenceInterpreter().run(program, inputs: inputs)["result"])
  }

  static func counting(_ shape: Shape, from first: Int = 1) -> Tensor<Double> {
    Tensor(shape: shape, elements: (first..<first + shape.count).map(Double.init))
  }

  @Test(
    "Binary operations",
    arguments: zip(
      Op.Binary.allCases,
      [[3.0, 4, 1], [-1, 0, 3], [2, 4, -2], [0.5, 1, -2], [2, 2, 2], [0, 0, 1]]))
  func binary(op: Op.Binary, expected: [Double]) throws {
    let a = Tensor<Double>(shape: [3], elements: [1, 2, 2])
    let b = Tensor<Double>(shape: [3], elements: [2, 2, -1])
    let result = try Self.result([a, b]) { $0.binary(op, $1[0], $1[1]) }
    #expect(result.elements == expected)
  }

  @Test(
    "Unary operations at ¼",
    arguments: zip(
      Op.Unary.allCases,
      // By bc: -x, e(x), l(x), l(1+x), (e(2x)-1)/(e(2x)+1), 1/(1+e(-x)), sqrt(x), 1/sqrt(x)
      [
        -0.25, 1.284025416687741, -1.386294361119891, 0.223143551314210, 0.244918662403709,
        0.562176500885798, 0.5, 2,
      ]))
  func unary(op: Op.Unary, expected: Double) throws {
    let result = try Self.result([Tensor(shape: [], elements: [0.25])]) { $0.unary(op, $1[0]) }
    #expect(abs(result.number - expected) < 1e-14)  // as many digits as are written above
  }

  @Test func select() throws {
    let mask = Tensor<Double>(shape: [3], elements: [0, 1, -2])
    let result = try Self.result([mask, Self.counting([3]), Self.counting([3], from: 4)]) {
      $0.select($1[0], $1[1], $1[2])
    }
    #expect(result.elements == [4, 2, 3])
  }

  @Test func broadcast() throws {
    let rows = try Self.result([Self.counting([2])]) { $0.broadcast($1[0], to: [2, 3], axes: [0]) }
    #expect(rows.elements == [1, 1, 1, 2, 2, 2])
    let columns = try Self.result([Self.counting([3])]) {
      $0.broadcast($1[0], to: [2, 3], axes: [1])
    }
    #expect(columns.elements == [1, 2, 3, 1, 2, 3])
    let number = try Self.result([Self.counting([])]) { $0.broadcast($1[0], to: [2, 2], axes: []) }
    #expect(number.elements == [1, 1, 1, 1])
  }

  @Test func transpose() throws {
    let turned = try Self.result([Self.counting([2, 3])]) { $0.transpose($1[0], [1, 0]) }
    #expect(turned == Tensor(shape: [3, 2], elements: [1, 4, 2, 5, 3, 6]))
    // [i, j, k] ← [j, k, i]
    let rotated = try Self.result([Self.counting([2, 2, 2])]) { $0.transpose($1[0], [2, 0, 1]) }
    #expect(rotated.elements == [1, 3, 5, 7, 2, 4, 6, 8])
  }

  @Test func pad() throws {
    let padded = try Self.result([Self.counting([2, 2])]) {
      $0.pad($1[0], low: [1, 0], high: [0, 2], interior: [0, 1], value: 9)
    }
    #expect(
      padded == Tensor(shape: [3, 5], elements: [9, 9, 9, 9, 9, 1, 9, 2, 9, 9, 3, 9, 4, 9, 9]))
  }

  @Test func slice() throws {
    let slice = try Self.result([Self.counting([3, 6])]) {
      $0.slice($1[0], start: [1, 1], limit: [3, 6], stride: [1, 3])
    }
    #expect(slice == Tensor(shape: [2, 2], elements: [8, 11, 14, 17]))
    let empty = try Self.result([Self.counting([3])]) { $0.slice($1[0], start: [2], limit: [2]) }
    #expect(empty == Tensor(shape: [0], elements: []))
  }

  @Test func concatenate() throws {
    let whole = try Self.result([Self.counting([2, 2]), Self.counting([2, 1], from: 5)]) {
      $0.concatenate($1, axis: 1)
    }
    #expect(whole == Tensor(shape: [2, 3], elements: [1, 2, 5, 3, 4, 6]))
  }

  @Test func reduceSum() throws {
    let outer = try Self.result([Self.counting([2, 3])]) { $0.reduceSum($1[0], axes: [0]) }
    #expect(outer == Tensor(shape: [3], elements: [5, 7, 9]))
    let inner = try Self.result([Self.counting([2, 3])]) { $0.reduceSum($1[0], axes: [1]) }
    #expect(inner == Tensor(shape: [2], elements: [6, 15]))
    let all = try Self.result([Self.counting([2, 3])]) { $0.sum($1[0]) }
    #expect(all == Tensor(shape: [], elements: [21]))
  }

  @Test(
    "The matrix product, each operand transposed or not", arguments: [false, true], [false, true])
  func matmul(leftTransposed: Bool, rightTransposed: Bool) throws {
    // [1 2 3; 4 5 6] × [1 2; 3 4; 5 6] = [22 28; 49 64]
    let product = try Self.result([Self.counting([2, 3]), Self.counting([3, 2])]) { builder, x in
      builder.matmul(
        leftTransposed ? builder.transpose(x[0], [1, 0]) : x[0],
        rightTransposed ? builder.transpose(x[1], [1, 0]) : x[1],
        leftTransposed: leftTransposed, rightTransposed: rightTransposed)
    }
    #expect(product == Tensor(shape: [2, 2], elements: [22, 28, 49, 64]))
  }

  static let geometry = ConvolutionGeometry(stride: 2, padding: 1)

  @Test func convolve() throws {
    // The image 1 ... 9 in a border of zeros, the kernel 1 2; 3 4 at (0, 0), (0, 2), (2, 0), (2, 2)
    let y = try Self.result([Self.counting([1, 3, 3, 1]), Self.counting([2, 2, 1, 1])]) {
      $0.convolve($1[0], $1[1], Self.geometry)
    }
    // 4·1 | 3·2 + 4·3 | 2·4 + 4·7 | 1·5 + 2·6 + 3·8 + 4·9
    #expect(y == Tensor(shape: [1, 2, 2, 1], elements: [4, 18, 36, 77]))
  }

  @Test("Channels and filters")
  func convolveChannels() throws {
    // A 1 × 1 kernel is a matrix product per pixel: [1 2; 3 4] × [1 2 3; 4 5 6]
    let y = try Self.result([Self.counting([1, 2, 1, 2]), Self.counting([1, 1, 2, 3])]) {
      $0.convolve($1[0], $1[1], ConvolutionGeometry(stride: 1, padding: 0))
    }
    #expect(y == Tensor(shape: [1, 2, 1, 3], elements: [9, 12, 15, 19, 26, 33]))
  }

  @Test("The transposed convolution writes the kernel at each place, scaled")
  func convolutionInputGradient() throws {
    let x = try Self.result([Self.counting([1, 2, 2, 1]), Self.counting([2, 2, 1, 1])]) {
      $0.convolutionInputGradient($1[0], $1[1], Self.geometry, height: 3, width: 3)
    }
    // Kernels 1·k, 2·k, 3·k, 4·k side by side in 4 × 4, without the border of 1:
    //   1 2 2  4          4  6  8
    //   3 4 6  8    →     6  4  8
    //   3 6 4  8         12 12 16
    //   9 12 12 16
    #expect(x == Tensor(shape: [1, 3, 3, 1], elements: [4, 6, 8, 6, 4, 8, 12, 12, 16]))
  }

  @Test func convolutionKernelGradient() throws {
    let kernel = try Self.result([Self.counting([1, 3, 3, 1]), Self.counting([1, 2, 2, 1])]) {
      $0.convolutionKernelGradient($1[0], $1[1], Self.geometry, kernelHeight: 2, kernelWidth: 2)
    }
    // At (0, 0) of the kernel lie 0, 0, 0, 5; at (0, 1): 0, 0, 4, 6; then 0, 2, 0, 8 and 1, 3, 7, 9
    #expect(kernel == Tensor(shape: [2, 2, 1, 1], elements: [20, 36, 36, 64]))
  }

  @Test("Random numbers are those of the stream, and the same in Float and Double")
  func random() throws {
    var builder = ProgramBuilder()
    let x = builder.random(.normal, [3, 5], stream: 4)
    let program = builder.program(outputs: [("x", x)])
    let key = RandomKey(seed: 1, step: 2)
    let float = try #require(
      try ReferenceInterpreter<Float>().run(program, inputs: [:], key: key)["x"])
    let double = try ReferenceInterpreter<Double>().run(program, inputs: [:], key: key)["x"]
    let stream = RandomStream(key: key, stream: 4)
    #expect(float.elements == (0..<15).map { stream.normal(at: $0) })
    #expect(double == Tensor(float))
  }

  @Test("Inputs that are missing or of another shape are errors")
  func inputErrors() {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2])
    let program = builder.program(outputs: [("x", x)])
    #expect(throws: ReferenceError.missingInput(name: "x", shape: [2])) {
      try ReferenceInterpreter<Float>().run(program, inputs: [:])
    }
    #expect(throws: ReferenceError.wrongShape(name: "x", expected: [2], found: [1, 2])) {
      let x = Tensor<Float>(shape: [1, 2], repeating: 0)
      return try ReferenceInterpreter<Float>().run(program, inputs: ["x": x])
    }
  }
}
