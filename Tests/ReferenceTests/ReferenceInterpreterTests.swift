import Program
import Reference
import Testing

@Suite("The reference interpreter")
struct ReferenceInterpreterTests {
  @Test("Several inputs and outputs, values used more than once, an input that is an output")
  func wholeProgram() throws {
    var builder = ProgramBuilder()
    let (a, b) = (builder.input("a", [2]), builder.input("b", [2]))
    let sum = builder.add(a, b)
    let square = builder.square(sum)
    let program = builder.program(outputs: [("square", square), ("sum", sum), ("b", b)])
    let found = try ReferenceInterpreter<Float>().run(
      program,
      inputs: [
        "a": Tensor(shape: [2], elements: [1, 2]), "b": Tensor(shape: [2], elements: [3, 5]),
        "not an input": Tensor(shape: [], elements: [0]),
      ])
    #expect(found.mapValues(\.elements) == ["square": [16, 49], "sum": [4, 7], "b": [3, 5]])
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
