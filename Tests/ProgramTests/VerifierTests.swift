import Program
import Testing

@Suite("The verifier")
struct VerifierTests {
  static let origin = Origin(path: "")

  static func instruction(_ op: Op, _ operands: [Int] = [], _ shape: Shape) -> Instruction {
    Instruction(op: op, operands: operands.map { Value(index: $0) }, shape: shape, origin: origin)
  }

  static let x = instruction(.input("x"), [2, 3])

  static func violations(_ instructions: [Instruction], outputs: [(String, Int)] = []) -> [String] {
    Program(
      instructions: instructions,
      outputs: outputs.map { Program.Output(name: $0.0, value: Value(index: $0.1)) }
    ).violations().map(\.description)
  }

  static func instruction(_ op: Op, _ shape: Shape) -> Instruction { instruction(op, [], shape) }

  @Test func nothingInASoundProgram() {
    let program = [Self.x, Self.instruction(.unary(.tanh), [0], [2, 3])]
    #expect(Self.violations(program, outputs: [("x", 1), ("y", 1)]) == [])
  }

  @Test("Operands come from earlier instructions", arguments: [1, 2, -1])
  func operandOrder(operand: Int) {
    let program = [Self.x, Self.instruction(.unary(.tanh), [operand], [2, 3])]
    #expect(
      Self.violations(program) == [
        "%1 takes %\(operand), which is not the result of an earlier instruction"
      ])
  }

  @Test func shapes() {
    let program = [
      Self.x, Self.instruction(.unary(.tanh), [0], [3, 2]),
      Self.instruction(.binary(.add), [0, 1], [2, 3]),
    ]
    #expect(
      Self.violations(program) == [
        "%1 breaks its shape rule: [3, 2] is stated, [2, 3] follows from the operands",
        "%2 breaks its shape rule: operands of shapes [[2, 3], [3, 2]]",
      ])
  }

  @Test func operandCount() {
    #expect(
      Self.violations([Self.x, Self.instruction(.binary(.add), [0], [2, 3])]) == [
        "%1 breaks its shape rule: 1 operands"
      ])
  }

  @Test func names() {
    #expect(
      Self.violations([Self.x, Self.x], outputs: [("y", 0), ("y", 1)]) == [
        "%1 is a second input named x", "two outputs are named y",
      ])
  }

  @Test func outputs() {
    let program = [Self.x, Self.instruction(.reduceSum(axes: [0]), [0], [3])]
    #expect(
      Self.violations(program, outputs: [("x", 1), ("y", 2)]) == [
        "output x of shape [3] cannot replace the input of shape [2, 3]",
        "output y is %2, which no instruction makes",
      ])
  }
}
