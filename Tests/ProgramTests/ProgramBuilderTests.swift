import Program
import Testing

@Suite("The builder")
struct ProgramBuilderTests {
  @Test("The same operation of the same operands is made once")
  func valueNumbering() {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2])
    #expect(builder.tanh(x) == builder.tanh(x))
    #expect(builder.constant(2, [2]) == builder.constant(2, [2]))
    #expect(builder.constant(2, [2]) != builder.constant(2, [3]))
    #expect(builder.random(.normal, [2], stream: 0) != builder.random(.normal, [2], stream: 1))
  }

  @Test("A continued program's operations are known")
  func continuedProgram() {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2])
    let y = builder.tanh(x)
    let program = builder.program(outputs: [("y", y)])
    var continued = ProgramBuilder(continuing: program)
    #expect(continued.tanh(continued.input("x", [2])) == y)
    #expect(continued.instructions == program.instructions)
  }

  @Test("Operations that change nothing return their operand")
  func simplifications() {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2, 3])
    #expect(builder.reshape(x, [2, 3]) == x)
    #expect(builder.transpose(x, [0, 1]) == x)
    #expect(builder.broadcast(x, to: [2, 3], axes: [0, 1]) == x)
    #expect(builder.slice(x, start: [0, 0], limit: [2, 3]) == x)
    #expect(builder.pad(x, low: [0, 0], high: [0, 0]) == x)
    #expect(builder.concatenate([x], axis: 1) == x)
    #expect(builder.reduceSum(x, axes: []) == x)
    #expect(builder.offset(x, by: 0) == x)
    #expect(builder.scale(x, by: 1) == x)
    let (zeros, ones) = (builder.constant(0, [2, 3]), builder.constant(1, [2, 3]))
    #expect(builder.add(zeros, x) == x)
    #expect(builder.subtract(x, zeros) == x)
    #expect(builder.multiply(ones, x) == x)
    #expect(builder.divide(x, ones) == x)
  }

  @Test("Operations that change something stay")
  func noSimplification() {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2, 2])
    let (zeros, ones) = (builder.constant(0, [2, 2]), builder.constant(1, [2, 2]))
    #expect(builder.transpose(x, [1, 0]) != x)
    #expect(builder.subtract(zeros, x) != x)
    #expect(builder.divide(ones, x) != x)
    #expect(builder.scale(x, by: 0) != x)
    #expect(builder.offset(x, by: 1) != x)
  }

  @Test("Origins nest")
  func origins() {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2])
    let (inner, outer) = builder.with(origin: Origin(path: "outer")) { builder in
      let inner = builder.with(origin: Origin(path: "inner", part: .gradient)) { $0.exp(x) }
      return (inner, builder.tanh(x))
    }
    #expect(builder.instructions[x.index].origin == Origin(path: ""))
    #expect(builder.instructions[inner.index].origin == Origin(path: "inner", part: .gradient))
    #expect(builder.instructions[outer.index].origin == Origin(path: "outer"))
  }
}
