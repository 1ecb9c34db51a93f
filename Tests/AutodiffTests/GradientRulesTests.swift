import Autodiff
import Program
import Reference
import Testing

/// The operations without what they carry, so that a test can go through all of them.
enum OpKind: CaseIterable {
  case input, constant, random
  case negate, exp, log, logPlusOne, tanh, logistic, squareRoot, reciprocalSquareRoot
  case add, subtract, multiply, divide, maximum, greater, select
  case broadcast, reshape, transpose, pad, slice, concatenate
  case meanOverShards, reduceSum, reduceMaximum, matmul
  case convolve, convolutionInputGradient, convolutionKernelGradient

  init(_ op: Op) {
    switch op {
    case .input: self = .input
    case .constant: self = .constant
    case .random: self = .random
    case .unary(.negate): self = .negate
    case .unary(.exp): self = .exp
    case .unary(.log): self = .log
    case .unary(.logPlusOne): self = .logPlusOne
    case .unary(.tanh): self = .tanh
    case .unary(.logistic): self = .logistic
    case .unary(.squareRoot): self = .squareRoot
    case .unary(.reciprocalSquareRoot): self = .reciprocalSquareRoot
    case .binary(.add): self = .add
    case .binary(.subtract): self = .subtract
    case .binary(.multiply): self = .multiply
    case .binary(.divide): self = .divide
    case .binary(.maximum): self = .maximum
    case .binary(.greater): self = .greater
    case .select: self = .select
    case .broadcast: self = .broadcast
    case .reshape: self = .reshape
    case .transpose: self = .transpose
    case .pad: self = .pad
    case .slice: self = .slice
    case .concatenate: self = .concatenate
    case .reduceSum: self = .reduceSum
    case .meanOverShards: self = .meanOverShards
    case .reduceMaximum: self = .reduceMaximum
    case .matmul: self = .matmul
    case .convolve: self = .convolve
    case .convolutionInputGradient: self = .convolutionInputGradient
    case .convolutionKernelGradient: self = .convolutionKernelGradient
    }
  }

  /// What the gradient of this operation is checked on.
  ///
  /// Where an operation is not smooth, the ranges keep a distance from the bend.
  var cases: [GradientCase] {
    switch self {
    case .input:
      [GradientCase("input", [[2]]) { $1[0] }]
    case .constant:
      [GradientCase("constant", [[2]]) { $0.multiply($1[0], $0.constant(3, [2])) }]
    case .random:
      [GradientCase("random", [[2]]) { $0.multiply($1[0], $0.random(.normal, [2], stream: 9)) }]

    case .negate: unary(.negate)
    case .exp: unary(.exp)
    case .log: unary(.log, in: 0.5...2)
    case .logPlusOne: unary(.logPlusOne, in: -0.5...2)
    case .tanh: unary(.tanh)
    case .logistic: unary(.logistic, in: -3...3)
    case .squareRoot: unary(.squareRoot, in: 0.5...2)
    case .reciprocalSquareRoot: unary(.reciprocalSquareRoot, in: 0.5...2)

    case .add: binary(.add)
    case .subtract: binary(.subtract)
    case .multiply: binary(.multiply)
    case .divide: binary(.divide, second: 0.5...2)
    case .maximum:
      binary(.maximum, first: -1...(-0.5), second: -0.4...1)
        + binary(.maximum, first: -0.4...1, second: -1...(-0.5)) + [
          GradientCase("leaky", [[7]], in: 0.1...1) {
            let x = $0.multiply($1[0], $0.alternatingSigns([7]))
            return $0.maximum(x, $0.scale(x, by: 0.2))
          }
        ]
    case .greater:
      binary(.greater, first: -1...(-0.5), second: -0.4...1)
        + binary(.greater, first: -0.4...1, second: -1...(-0.5))
    case .select:
      [
        GradientCase("select", [[7], [7]]) {
          $0.select($0.greater($0.alternatingSigns([7]), $0.constant(0, [7])), $1[0], $1[1])
        }
      ]

    case .broadcast:
      [
        GradientCase("rows", [[2]]) { $0.broadcast($1[0], to: [2, 3], axes: [0]) },
        GradientCase("columns", [[3]]) { $0.broadcast($1[0], to: [2, 3], axes: [1]) },
        GradientCase("middle", [[2, 3]]) { $0.broadcast($1[0], to: [2, 4, 3, 1], axes: [0, 2]) },
        GradientCase("number", [[]]) { $0.broadcast($1[0], to: [2, 3], axes: []) },
      ]
    case .reshape:
      [GradientCase("reshape", [[2, 6]]) { $0.reshape($1[0], [3, 4]) }]
    case .transpose:
      [
        GradientCase("matrix", [[2, 3]]) { $0.transpose($1[0], [1, 0]) },
        GradientCase("cycle", [[2, 3, 4]]) { $0.transpose($1[0], [2, 0, 1]) },
      ]
    case .pad:
      [
        GradientCase("border", [[2, 3]]) { $0.pad($1[0], low: [1, 0], high: [0, 2], value: 3) },
        GradientCase("interior", [[3, 2, 1]]) {
          $0.pad($1[0], low: [1, 0, 0], high: [2, 0, 1], interior: [2, 1, 3])
        },
      ]
    case .slice:
      [
        GradientCase("window", [[4, 5]]) { $0.slice($1[0], start: [1, 0], limit: [3, 5]) },
        // 1, 3, 5 below 7 of 8: the limit is not reached, nor the end. 0 and 3 of 6.
        GradientCase("strided with a remainder", [[8, 6]]) {
          $0.slice($1[0], start: [1, 0], limit: [7, 6], stride: [2, 3])
        },
        GradientCase("strided to the last element", [[7]]) {
          $0.slice($1[0], start: [0], limit: [7], stride: [3])
        },
        GradientCase("empty", [[3]]) {
          $0.concatenate([$0.slice($1[0], start: [2], limit: [2]), $1[0]], axis: 0)
        },
      ]
    case .concatenate:
      [
        GradientCase("along 0", [[1, 2], [3, 2]]) { $0.concatenate($1, axis: 0) },
        GradientCase("along 1", [[2, 1], [2, 3], [2, 2]]) { $0.concatenate($1, axis: 1) },
        GradientCase("with itself", [[2, 1]]) { $0.concatenate([$1[0], $1[0]], axis: 1) },
      ]

    case .meanOverShards:
      [GradientCase("of the only shard", [[2, 3]]) { $0.meanOverShards($0.exp($1[0])) }]
    case .reduceSum:
      [
        GradientCase("outer", [[2, 3]]) { $0.reduceSum($1[0], axes: [0]) },
        GradientCase("inner", [[2, 3]]) { $0.reduceSum($1[0], axes: [1]) },
        GradientCase("several", [[2, 3, 2, 2]]) { $0.reduceSum($1[0], axes: [0, 2]) },
        GradientCase("all", [[2, 3]]) { $0.sum($1[0]) },
      ]
    case .reduceMaximum:
      [
        GradientCase("one axis", [[3, 4]]) { $0.reduceMaximum($1[0], axes: [1]) },
        GradientCase("several", [[2, 3, 2, 2]]) { $0.reduceMaximum($1[0], axes: [0, 2]) },
      ]
    case .matmul:
      [
        GradientCase("a·b", [[2, 3], [3, 4]]) { $0.matmul($1[0], $1[1]) },
        GradientCase("aᵀ·b", [[3, 2], [3, 4]]) { $0.matmul($1[0], $1[1], leftTransposed: true) },
        GradientCase("a·bᵀ", [[2, 3], [4, 3]]) { $0.matmul($1[0], $1[1], rightTransposed: true) },
        GradientCase("aᵀ·bᵀ", [[3, 2], [4, 3]]) {
          $0.matmul($1[0], $1[1], leftTransposed: true, rightTransposed: true)
        },
        GradientCase("a·bᵀ of three", [[3, 2, 3], [3, 4, 3]]) {
          $0.matmul($1[0], $1[1], rightTransposed: true)
        },
        GradientCase("aᵀ·b of three", [[3, 3, 2], [3, 3, 4]]) {
          $0.matmul($1[0], $1[1], leftTransposed: true)
        },
      ]

    case .convolve:
      Convolution.all.map { c in
        GradientCase("\(c)", [c.image, c.kernel]) { $0.convolve($1[0], $1[1], c.geometry) }
      }
    case .convolutionInputGradient:
      Convolution.all.map { c in
        GradientCase("\(c)", [c.output, c.kernel]) {
          $0.convolutionInputGradient(
            $1[0], $1[1], c.geometry, height: c.image[1], width: c.image[2])
        }
      }
    case .convolutionKernelGradient:
      Convolution.all.map { c in
        GradientCase("\(c)", [c.image, c.output]) {
          $0.convolutionKernelGradient(
            $1[0], $1[1], c.geometry, kernelHeight: c.kernel[0], kernelWidth: c.kernel[1])
        }
      }
    }
  }

  private func unary(
    _ op: Op.Unary, in range: ClosedRange<Double> = -1...1
  ) -> [GradientCase] {
    [GradientCase("in \(range)", [[2, 3]], in: range) { $0.unary(op, $1[0]) }]
  }

  private func binary(
    _ op: Op.Binary, first: ClosedRange<Double> = -1...1, second: ClosedRange<Double> = -1...1
  ) -> [GradientCase] {
    [
      GradientCase("of \(first) and \(second)", [(Shape([5]), first), (Shape([5]), second)]) {
        $0.binary(op, $1[0], $1[1])
      }
    ]
  }
}

/// Sizes of a convolution; the output's follow.
struct Convolution: CustomStringConvertible {
  let image: Shape
  let kernel: Shape
  let geometry: ConvolutionGeometry
  let output: Shape

  init(_ image: Shape, _ kernel: Shape, stride: Int, padding: Int) {
    self.image = image
    self.kernel = kernel
    geometry = ConvolutionGeometry(stride: stride, padding: padding)
    output = try! Op.convolve(geometry).resultShape(operands: [image, kernel], stated: nil)
  }

  var description: String { "\(image), kernel \(kernel), \(geometry), gives \(output)" }

  static let all = [
    Convolution([2, 4, 4, 2], [3, 3, 2, 2], stride: 1, padding: 1),
    // DCGAN's own: 5 × 5, stride 2, padding 2. As a transposed convolution it has output padding 1.
    Convolution([1, 4, 4, 2], [5, 5, 2, 1], stride: 2, padding: 2),
    // (5 + 2 − 3)/2 = 2 exactly: no output padding.
    Convolution([1, 5, 5, 1], [3, 3, 1, 2], stride: 2, padding: 1),
    // (6 − 3)/2 and (7 − 2)/2 leave remainders: the last row and column are not read.
    Convolution([1, 6, 7, 2], [3, 2, 2, 2], stride: 2, padding: 0),
    // A stride larger than the kernel jumps over pixels; the remainder is 2 of 3.
    Convolution([1, 7, 5, 1], [1, 2, 1, 2], stride: 3, padding: 0),
    // A padding as large as the kernel: some places see only zeros.
    Convolution([1, 3, 2, 1], [2, 2, 1, 1], stride: 1, padding: 2),
    // A linear layer in disguise: the kernel covers the image.
    Convolution([2, 3, 2, 2], [3, 2, 2, 3], stride: 1, padding: 0),
  ]
}

extension ProgramBuilder {
  /// The numbers 1, −1, 1, −1 and so on.
  fileprivate mutating func alternatingSigns(_ shape: Shape) -> Value {
    let ones = constant(1, [(shape.count + 1) / 2])
    let spread = pad(
      offset(ones, by: 1), low: [0], high: [1 - shape.count % 2], interior: [1])
    return reshape(offset(spread, by: -1), shape)
  }
}

@Suite("Gradient rules")
struct GradientRulesTests {
  @Test("Gradients are those of central differences", arguments: OpKind.allCases)
  func firstOrder(kind: OpKind) throws {
    for example in kind.cases {
      var (builder, inputs, result) = example.build()
      #expect(
        builder.instructions.contains { OpKind($0.op) == kind }, "\(example) does not test \(kind)")
      let scalar = builder.weightedSum(result, stream: 100)
      try checkGradients(of: scalar, withRespectTo: inputs, in: builder, at: example.numbers)
    }
  }

  @Test("So are gradients of gradients", arguments: OpKind.allCases)
  func secondOrder(kind: OpKind) throws {
    for example in kind.cases {
      var (builder, inputs, result) = example.build()
      // The tanh makes the gradients of linear operations depend on their operands.
      let scalar = builder.weightedSum(builder.tanh(result), stream: 100)
      let gradients = builder.gradients(of: scalar, withRespectTo: inputs)
      let sums = gradients.enumerated().map { index, gradient in
        builder.weightedSum(gradient, stream: 101 + index)
      }
      let total = sums.dropFirst().reduce(sums[0]) { builder.add($0, $1) }
      try checkGradients(of: total, withRespectTo: inputs, in: builder, at: example.numbers)
    }
  }

  @Test("Of equal operands the second has the maximum's gradient")
  func ties() throws {
    var builder = ProgramBuilder()
    let (a, b) = (builder.input("a", []), builder.input("b", []))
    let gradients = builder.gradients(of: builder.maximum(a, b), withRespectTo: [a, b])
    let program = builder.program(outputs: [("da", gradients[0]), ("db", gradients[1])])
    let one = Tensor<Double>(shape: .scalar, repeating: 1)
    let found = try ReferenceInterpreter().run(program, inputs: ["a": one, "b": one])
    #expect(found["da"]?.number == 0)
    #expect(found["db"]?.number == 1)
  }
}
