import Program
import Testing

@Suite("Program text")
struct ProgramTextTests {
  @Test("A small program as a whole")
  func smallProgram() {
    var builder = ProgramBuilder()
    let x = builder.input("x", [1, 4, 4, 2])
    let weight = builder.input("conv.weight", [3, 3, 2, 1])
    let loss = builder.with(origin: Origin(path: "conv")) { builder in
      let y = builder.convolve(x, weight, ConvolutionGeometry(stride: 2, padding: 1))
      return builder.mean(builder.maximum(y, builder.scale(y, by: 0.2)))
    }
    let next = builder.with(origin: Origin(path: "conv", part: .update)) { builder in
      builder.subtract(weight, builder.random(.normal, [3, 3, 2, 1], stream: 7))
    }
    let program = builder.program(outputs: [("loss", loss), ("conv.weight", next)])
    #expect(
      program.text == """
        %0 = input x : [1, 4, 4, 2]
        %1 = input conv.weight : [3, 3, 2, 1]
        %2 = convolve %0, %1 stride 2 padding 1 : [1, 2, 2, 1]   # conv
        %3 = constant 0.2 : []   # conv
        %4 = broadcast %3 axes [] : [1, 2, 2, 1]   # conv
        %5 = multiply %2, %4 : [1, 2, 2, 1]   # conv
        %6 = maximum %2, %5 : [1, 2, 2, 1]   # conv
        %7 = reduce_sum %6 axes [0, 1, 2, 3] : []   # conv
        %8 = constant 4.0 : []   # conv
        %9 = divide %7, %8 : []   # conv
        %10 = random normal stream 7 : [3, 3, 2, 1]   # conv, update
        %11 = subtract %1, %10 : [3, 3, 2, 1]   # conv, update
        output loss = %9
        output conv.weight = %11

        """)
  }

  @Test(
    "Attributes",
    arguments: [
      (Op.matmul(leftTransposed: true, rightTransposed: false), "matmul transposed %0, %1 : [2]"),
      (Op.transpose(permutation: [1, 0]), "transpose %0, %1 permutation [1, 0] : [2]"),
      (
        Op.pad(low: [1], high: [2], interior: [0], value: 0),
        "pad %0, %1 low [1] high [2] value 0.0 : [2]"
      ),
      (
        Op.pad(low: [1], high: [2], interior: [3], value: 0),
        "pad %0, %1 low [1] high [2] interior [3] value 0.0 : [2]"
      ),
      (
        Op.slice(start: [0], limit: [5], stride: [2]),
        "slice %0, %1 start [0] limit [5] stride [2] : [2]"
      ),
      (
        Op.convolutionInputGradient(
          ConvolutionGeometry(stride: 2, padding: 0), height: 8, width: 9),
        "convolution_input_gradient %0, %1 stride 2 padding 0 height 8 width 9 : [2]"
      ),
      (
        Op.convolutionKernelGradient(
          ConvolutionGeometry(stride: 1, padding: 2), kernelHeight: 5, kernelWidth: 4),
        "convolution_kernel_gradient %0, %1 stride 1 padding 2 kernel height 5 width 4 : [2]"
      ),
    ])
  func attributes(op: Op, line: String) {
    let operands = [Value(index: 0), Value(index: 1)]
    let instruction = Instruction(op: op, operands: operands, shape: [2], origin: Origin(path: ""))
    #expect(instruction.description == line)
  }
}
