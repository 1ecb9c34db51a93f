import Program
import Testing

@Suite("Dead code")
struct DeadCodeTests {
  @Test("What no output needs is left out, and the rest renumbered")
  func elimination() {
    var builder = ProgramBuilder()
    let unused = builder.input("unused", [2])
    let x = builder.input("x", [2])
    _ = builder.add(unused, x)
    let y = builder.exp(x)
    _ = builder.log(y)
    let z = builder.add(y, x)
    let program = builder.program(outputs: [("z", z), ("y", y)])
    #expect(
      program.text == """
        %0 = input x : [2]
        %1 = exp %0 : [2]
        %2 = add %1, %0 : [2]
        output z = %2
        output y = %1

        """)
    #expect(program.violations() == [])
    #expect(program.inputs.map(\.name) == ["x"])
  }
}
