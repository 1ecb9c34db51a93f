import Program
import Reference
import Testing

@Suite("The random operation")
struct RandomNumbersTests {
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
}
