import Autodiff
import Program
import Reference
import Testing

@Suite("Reverse mode")
struct GradientsTests {
  @Test("What the scalar does not depend on has gradient zero")
  func independentBranch() {
    // d Σ x·used / d used = x; the rest of the program is dead.
    var builder = ProgramBuilder()
    let (x, used) = (builder.input("x", [2, 3]), builder.input("used", [2, 3]))
    let unused = builder.input("unused", [3])
    _ = builder.tanh(unused)
    let scalar = builder.sum(builder.multiply(x, used))
    let gradients = builder.gradients(of: scalar, withRespectTo: [used, unused])
    let program = builder.program(outputs: [("used", gradients[0]), ("unused", gradients[1])])
    #expect(
      program.text == """
        %0 = input x : [2, 3]
        %1 = constant 0.0 : []
        %2 = broadcast %1 axes [] : [3]
        output used = %0
        output unused = %2

        """)
  }

  @Test("Only what lies between the wanted values and the scalar is differentiated")
  func onlyThePath() {
    var builder = ProgramBuilder()
    let (x, weight) = (builder.input("x", [1, 4, 4, 1]), builder.input("weight", [3, 3, 1, 1]))
    let geometry = ConvolutionGeometry(stride: 1, padding: 1)
    let fake = builder.tanh(builder.convolve(x, weight, geometry))
    let scalar = builder.sum(builder.exp(fake))
    let gradient = builder.gradients(of: scalar, withRespectTo: [fake])[0]
    let program = builder.program(outputs: [("gradient", gradient)])
    // d Σ exp f / df = exp f, with the broadcast 1 multiplied away
    #expect(program[program.outputs[0].value].op == .unary(.exp))
    #expect(program.instructions.count == 5)
  }

  @Test("A value used several times gets the sum, one wanted twice the same gradient twice")
  func sharedValue() throws {
    var builder = ProgramBuilder()
    let x = builder.input("x", [])
    let scalar = builder.add(builder.multiply(x, x), builder.scale(x, by: 3))
    let gradients = builder.gradients(of: scalar, withRespectTo: [x, x, scalar])
    let program = builder.program(
      outputs: [("first", gradients[0]), ("second", gradients[1]), ("itself", gradients[2])])
    let found = try ReferenceInterpreter<Double>().run(
      program, inputs: ["x": Tensor(shape: [], repeating: 5)])
    #expect(found["first"]?.number == 13)  // 2·5 + 3
    #expect(found["second"]?.number == 13)
    #expect(found["itself"]?.number == 1)
  }

  @Test("The gradients of a broadcast's uses are summed one by one, then added")
  func broadcastUsedTwice() {
    // d Σ (x·s + y·s) / ds = Σ x + Σ y, over the rows; never Σ (x + y).
    var builder = ProgramBuilder()
    let (x, y) = (builder.input("x", [2, 3]), builder.input("y", [2, 3]))
    let scale = builder.input("scale", [3])
    let rows = builder.broadcastAlongLast(scale, to: [2, 3])
    let onX = builder.multiply(x, rows)
    let onY = builder.multiply(y, rows)
    let scalar = builder.add(builder.sum(onX), builder.sum(onY))
    let gradient = builder.gradients(of: scalar, withRespectTo: [scale])[0]
    let program = builder.program(outputs: [("gradient", gradient)])
    #expect(
      program.text == """
        %0 = input x : [2, 3]
        %1 = input y : [2, 3]
        %2 = reduce_sum %1 axes [0] : [3]   # gradient
        %3 = reduce_sum %0 axes [0] : [3]   # gradient
        %4 = add %2, %3 : [3]   # gradient
        output gradient = %4

        """)
  }

  @Test("A broadcast that is wanted itself gets the sum of its uses")
  func wantedBroadcast() throws {
    var builder = ProgramBuilder()
    let (x, y) = (builder.input("x", [2]), builder.input("y", [2]))
    let rows = builder.broadcast(builder.input("scale", []), to: [2], axes: [])
    let scalar = builder.add(
      builder.sum(builder.multiply(x, rows)), builder.sum(builder.multiply(y, rows)))
    let gradient = builder.gradients(of: scalar, withRespectTo: [rows])[0]
    let found = try ReferenceInterpreter<Double>().run(
      builder.program(outputs: [("gradient", gradient)]),
      inputs: [
        "x": Tensor(shape: [2], elements: [1, 2]), "y": Tensor(shape: [2], elements: [10, 20]),
      ])
    #expect(found["gradient"]?.elements == [11, 22])  // x + y
  }

  @Test("Several outputs, each with its upstream gradient")
  func upstreams() throws {
    var builder = ProgramBuilder()
    let (x, u, v) = (builder.input("x", [2]), builder.input("u", [2]), builder.input("v", [2]))
    let square = builder.square(x)
    let triple = builder.scale(x, by: 3)
    let gradient = builder.gradients(
      of: [(value: square, upstream: u), (value: triple, upstream: v)], withRespectTo: [x])[0]
    let program = builder.program(outputs: [("gradient", gradient)])
    let found = try ReferenceInterpreter<Double>().run(
      program,
      inputs: [
        "x": Tensor(shape: [2], elements: [1, 2]), "u": Tensor(shape: [2], elements: [10, 20]),
        "v": Tensor(shape: [2], elements: [100, 200]),
      ])
    #expect(found["gradient"]?.elements == [320, 680])  // 2·x·u + 3·v
  }

  @Test("Gradients carry the layer they belong to")
  func origins() {
    var builder = ProgramBuilder()
    let x = builder.input("x", [2])
    let y = builder.with(origin: Origin(path: "discriminator.conv1")) { $0.tanh(x) }
    let scalar = builder.with(origin: Origin(path: "loss")) { $0.sum(y) }
    let gradient = builder.gradients(of: scalar, withRespectTo: [x])[0]
    let program = builder.program(outputs: [("gradient", gradient)])
    let paths = program.instructions.filter { $0.origin.part == .gradient }.map(\.origin.path)
    #expect(Set(paths) == ["loss", "discriminator.conv1"])
    #expect(
      program[program.outputs[0].value].origin
        == Origin(path: "discriminator.conv1", part: .gradient))
  }

  @Test("The gradient penalty of a small critic can be differentiated for its parameters")
  func gradientPenalty() throws {
    // mean over n of (‖∂D(x)/∂xₙ‖ − 1)², D = convolution → tanh → linear. Gulrajani et al. 2017.
    let critic = GradientCase("critic", [[2, 4, 4, 2], [3, 3, 2, 3], [3], [12, 1]]) { builder, v in
      let (x, kernel, bias, linear) = (v[0], v[1], v[2], v[3])
      let maps = builder.convolve(x, kernel, ConvolutionGeometry(stride: 2, padding: 1))
      let shape = builder.shape(of: maps)
      let hidden = builder.tanh(builder.add(maps, builder.broadcastAlongLast(bias, to: shape)))
      // [2, 2, 2, 3] → [2, 12] → [2, 1]; each image's score depends on that image only
      return builder.matmul(builder.reshape(hidden, [2, 12]), linear)
    }
    var (builder, inputs, scores) = critic.build()
    let total = builder.sum(scores)
    let slope = builder.gradients(of: total, withRespectTo: [inputs[0]])[0]
    let norm = builder.squareRoot(builder.reduceSum(builder.square(slope), axes: [1, 2, 3]))
    let penalty = builder.mean(builder.square(builder.offset(norm, by: -1)))
    try checkGradients(of: penalty, withRespectTo: inputs, in: builder, at: critic.numbers)
  }
}
