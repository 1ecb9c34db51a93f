import Autodiff
import Program
import Testing

@testable import CPU

@Suite struct FusionTests {
  /// y = max(0, scale · (x − mean) / √(variance + ε) + shift) over [N, H, W, C].
  private func batchnorm(
    _ program: inout ProgramBuilder, _ x: Value, _ scale: Value, _ shift: Value
  ) -> Value {
    let shape = program.shape(of: x)
    let count = Double(shape.count / shape[3])
    func perChannel(_ x: Value) -> Value {
      program.scale(program.reduceSum(x, axes: [0, 1, 2]), by: 1 / count)
    }
    let mean = perChannel(x)
    let centred = program.subtract(x, program.broadcastAlongLast(mean, to: shape))
    let variance = perChannel(program.square(centred))
    let factor = program.multiply(
      scale, program.reciprocalSquareRoot(program.offset(variance, by: 1e-5)))
    let normal = program.multiply(centred, program.broadcastAlongLast(factor, to: shape))
    let y = program.add(normal, program.broadcastAlongLast(shift, to: shape))
    return program.maximum(y, program.constant(0, shape))
  }

  /// Passes that read or write at least one array of the given size.
  private func passes(_ plan: Plan, over count: Int) -> [PassDescription] {
    zip(plan.passes, plan.passDescriptions).filter { pass, _ in
      (Array(pass.reads) + pass.writes).contains { plan.graph.nodes[$0].count == count }
    }.map(\.1)
  }

  @Test func normalisesInTwoPasses() throws {
    var builder = ProgramBuilder()
    let shape: Shape = [8, 16, 16, 32]
    let x = builder.input("x", shape)
    let (scale, shift) = (builder.input("scale", [32]), builder.input("shift", [32]))
    let y = batchnorm(&builder, x, scale, shift)
    let plan = try Plan(for: builder.program(outputs: [("y", y)]))
    // The first numbers, which shift the sums; the sums; the result with its activation.
    #expect(passes(plan, over: shape.count).map(\.op) == ["map", "reduce", "map"])
    #expect(passes(plan, over: shape.count)[0].bytes == 2 * 32 * 4)
  }

  @Test func differentiatesBatchnormInThreePassesInAll() throws {
    var builder = ProgramBuilder()
    let shape: Shape = [8, 16, 16, 32]
    let x = builder.input("x", shape)
    let (scale, shift) = (builder.input("scale", [32]), builder.input("shift", [32]))
    let y = batchnorm(&builder, x, scale, shift)
    let dy = builder.input("dy", shape)
    let gradients = builder.gradients(
      of: [(value: y, upstream: dy)], withRespectTo: [x, scale, shift])
    let program = builder.program(outputs: [
      ("y", y), ("dx", gradients[0]), ("dscale", gradients[1]), ("dshift", gradients[2]),
    ])
    let plan = try Plan(for: program)
    let found = passes(plan, over: shape.count)
    // The first numbers; the sums; y with both sums of the gradient, as dy is known; dx.
    #expect(found.map(\.op) == ["map", "reduce", "map-reduce", "map"])
    // Nothing of that size is stored but the results.
    #expect(plan.plannedPeakBytes < 2 * shape.count * 4 + 100_000)
  }

  @Test func updatesWithAdamInOnePass() throws {
    var builder = ProgramBuilder()
    let shape: Shape = [64, 300]
    let (p, m, v) = (
      builder.input("p", shape), builder.input("m", shape), builder.input("v", shape)
    )
    let gradient = builder.input("g", shape)
    let rate = builder.input("rate", [])
    let newM = builder.add(builder.scale(m, by: 0.5), builder.scale(gradient, by: 0.5))
    let square = builder.square(gradient)
    let newV = builder.add(builder.scale(v, by: 0.999), builder.scale(square, by: 0.001))
    let root = builder.offset(builder.squareRoot(newV), by: 1e-8)
    let pass = builder.multiply(
      builder.broadcast(rate, to: shape, axes: []), builder.divide(newM, root))
    let newP = builder.subtract(p, pass)
    let plan = try Plan(
      for: builder.program(outputs: [("p", newP), ("m", newM), ("v", newV)]))
    #expect(plan.passDescriptions.map(\.op) == ["map"])
    #expect(plan.plannedPeakBytes == 0)
    // Read p, m, v, g; write p, m, v.
    #expect(plan.passDescriptions[0].bytes == 7 * shape.count * 4 + 4)
  }

  @Test func storesWhatIsDearAndUsedTwice() throws {
    var builder = ProgramBuilder()
    let shape: Shape = [32, 100]
    let x = builder.input("x", shape)
    let e = builder.exp(x)
    let row = builder.reduceSum(e, axes: [1])
    let y = builder.divide(e, builder.broadcast(row, to: shape, axes: [0]))
    let plan = try Plan(for: builder.program(outputs: [("y", y)]))
    #expect(plan.passDescriptions.map(\.op) == ["map-reduce", "map"])
  }

  /// Σ (x − mean) / deviation over rows = (Σx − n·mean) / deviation: only x itself is summed.
  @Test func takesFactorsOutOfSums() throws {
    var builder = ProgramBuilder()
    let shape: Shape = [500, 8]
    let x = builder.input("x", shape)
    let mean = builder.broadcastAlongLast(builder.input("mean", [8]), to: shape)
    let deviation = builder.broadcastAlongLast(builder.input("deviation", [8]), to: shape)
    let normal = builder.divide(builder.subtract(x, mean), deviation)
    let sum = builder.reduceSum(normal, axes: [0])
    let plan = try Plan(for: builder.program(outputs: [("sum", sum)]))
    #expect(plan.passDescriptions.map(\.op) == ["reduce", "map"])
    #expect(plan.passDescriptions[0].flops == shape.count)
  }

  @Test func survivesLongChains() throws {
    var builder = ProgramBuilder()
    var x = builder.input("x", [100])
    for _ in 0..<1000 { x = builder.add(builder.tanh(x), builder.multiply(x, x)) }
    let plan = try Plan(for: builder.program(outputs: [("y", x)]))
    #expect(plan.passes.count < 100)
  }
}
