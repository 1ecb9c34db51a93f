import Program
import Reference
import Testing

/// The result of one operation on numbers written down row by row.
func result(
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

func counting(_ shape: Shape, from first: Int = 1) -> Tensor<Double> {
  Tensor(shape: shape, elements: (first..<first + shape.count).map(Double.init))
}
