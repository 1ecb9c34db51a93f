import Autodiff
import Program
import Reference
import Testing

/// A function of named inputs, written into a builder, and where to check its gradient.
struct GradientCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  /// Shapes of the inputs, and the range their numbers are drawn from.
  let inputs: [(shape: Shape, range: ClosedRange<Double>)]
  let function: @Sendable (inout ProgramBuilder, [Value]) -> Value

  init(
    _ description: String, _ inputs: [Shape], in range: ClosedRange<Double> = -1...1,
    _ function: @escaping @Sendable (inout ProgramBuilder, [Value]) -> Value
  ) {
    self.init(description, inputs.map { ($0, range) }, function)
  }

  init(
    _ description: String, _ inputs: [(Shape, ClosedRange<Double>)],
    _ function: @escaping @Sendable (inout ProgramBuilder, [Value]) -> Value
  ) {
    testDescription = description
    self.inputs = inputs.map { (shape: $0.0, range: $0.1) }
    self.function = function
  }

  static func name(_ index: Int) -> String { "x\(index)" }

  /// The builder with the inputs and the function's result in it.
  func build() -> (builder: ProgramBuilder, inputs: [Value], result: Value) {
    var builder = ProgramBuilder()
    let values = inputs.indices.map { builder.input(Self.name($0), inputs[$0].shape) }
    let result = function(&builder, values)
    return (builder, values, result)
  }

  /// Numbers without a pattern, the same in every run.
  var numbers: [String: Tensor<Double>] {
    var numbers: [String: Tensor<Double>] = [:]
    for (index, input) in inputs.enumerated() {
      let stream = RandomStream(key: RandomKey(seed: 2015, step: 0), stream: index)
      let width = input.range.upperBound - input.range.lowerBound
      numbers[Self.name(index)] = Tensor(
        shape: input.shape,
        elements: (0..<input.shape.count).map {
          input.range.lowerBound + width * Double(stream.uniform(at: $0))
        })
    }
    return numbers
  }
}

/// A step of central differences, whose error (f(x + h) − f(x − h))/2h − f′ is h²·f‴/6 ≈ 1e-10 plus
/// rounding of f by 1e-16/h ≈ 1e-11, where f, f′ and f‴ are of the order of 1 to 100.
let differenceStep = 1e-5

/// Relative to the larger of 1 and the gradient; a hundred times the error of `differenceStep`.
let gradientTolerance = 1e-7

extension ProgramBuilder {
  /// Σ weight·x with a fixed weight of its own for every element: no two may be exchanged.
  mutating func weightedSum(_ x: Value, stream: Int) -> Value {
    let weight = random(.uniform, shape(of: x), stream: stream)
    return sum(multiply(x, offset(weight, by: 0.5)))
  }
}

/// Compares the gradients of `scalar` with central differences of `scalar`, element by element.
func checkGradients(
  of scalar: Value, withRespectTo wanted: [Value], in builder: ProgramBuilder,
  at numbers: [String: Tensor<Double>], sourceLocation: SourceLocation = #_sourceLocation
) throws {
  var builder = builder
  let gradients = builder.gradients(of: scalar, withRespectTo: wanted)
  let program = builder.program(outputs: [("scalar", scalar)])
  let names = wanted.map { value in
    guard case .input(let name) = builder.instructions[value.index].op else {
      preconditionFailure("\(value) is not an input")
    }
    return name
  }
  let differentiated = builder.program(
    outputs: zip(names, gradients).map { (name: $0, value: $1) }
  )
  #expect(differentiated.violations() == [], sourceLocation: sourceLocation)

  let interpreter = ReferenceInterpreter<Double>()
  let found = try interpreter.run(differentiated, inputs: numbers)
  for name in names {
    let tensor = try #require(numbers[name])
    let gradient = try #require(found[name])
    for index in tensor.elements.indices {
      func value(movedBy step: Double) throws -> Double {
        var moved = tensor.elements
        moved[index] += step
        var inputs = numbers
        inputs[name] = Tensor(shape: tensor.shape, elements: moved)
        return try interpreter.run(program, inputs: inputs)["scalar"]!.number
      }
      let difference =
        try (value(movedBy: differenceStep) - value(movedBy: -differenceStep))
        / (2 * differenceStep)
      let element = gradient.elements[index]
      #expect(
        abs(element - difference) <= gradientTolerance * max(1, abs(difference)),
        "the gradient of \(name)[\(index)] in \(program.text)", sourceLocation: sourceLocation)
    }
  }
}
