import Autodiff
import Program
import Testing

@testable import CPU

/// What each identity leaves of a pass over `shape`; that the results stay right is tested with
/// random programs.
@Suite struct SimplificationTests {
  private let shape: Shape = [8, 16, 16, 32]

  /// Instructions for each element in passes over the whole shape.
  private func instructions(
    _ outputs: (inout ProgramBuilder, _ x: Value, _ perChannel: [Value]) -> [Value]
  ) throws -> [Int] {
    var builder = ProgramBuilder()
    let x = builder.input("x", shape)
    let perChannel = ["a", "b", "c"].map { name in
      builder.broadcastAlongLast(builder.input(name, [32]), to: shape)
    }
    let values = outputs(&builder, x, perChannel)
    let program = builder.program(
      outputs: values.enumerated().map { ("y\($0.offset)", $0.element) })
    return try Plan(for: program).passDescriptions.map { $0.flops / shape.count }.filter { $0 > 0 }
  }

  @Test func multipliesFactorsOfChannelsFirst() throws {
    let found = try instructions { program, x, perChannel in
      let scaled = program.multiply(program.multiply(perChannel[0], x), perChannel[1])
      return [program.scale(scaled, by: 3)]
    }
    #expect(found == [1])
  }

  @Test func addsEqualTermsOnce() throws {
    // x + 2·a·x·x: the gradient of a square has two equal terms.
    let found = try instructions { program, x, perChannel in
      let term = program.multiply(program.multiply(x, x), perChannel[0])
      return [program.add(program.add(x, term), term)]
    }
    // x·x; · 2a + x.
    #expect(found == [2])
  }

  /// Of the maximum of x and x/4: x > 0 ? dy : dy/4.
  @Test func joinsBothTermsOfALeakySlope() throws {
    let found = try instructions { program, x, perChannel in
      let y = program.maximum(x, program.scale(x, by: 0.25))
      return program.gradients(of: [(value: y, upstream: perChannel[0])], withRespectTo: [x])
    }
    #expect(found == [2])
  }

  @Test func keepsAComparisonWithAMultiple() throws {
    let found = try instructions { program, x, _ in
      [1.25, 1.5, -0.5].map { program.greater(x, program.scale(x, by: $0)) }
    }
    #expect(found == [6])
  }

  /// Σ (x·a)·(x − b)·c and Σ x·(x − b), by channels, are one sum.
  @Test func takesFactorsOutOfSumsOfProducts() throws {
    let found = try instructions { program, x, perChannel in
      let (a, b, c) = (perChannel[0], perChannel[1], perChannel[2])
      let deviations = program.subtract(x, b)
      let first = program.multiply(
        program.multiply(x, a), program.multiply(deviations, c))
      let second = program.multiply(deviations, x)
      return [first, second].map { program.reduceSum($0, axes: [0, 1, 2]) }
    }
    // x − b; times x; added up.
    #expect(found == [3])
  }

  /// What is done to the statistics of one batch does not wait for those of another one.
  @Test func leavesSmallPassesApart() throws {
    var builder = ProgramBuilder()
    let weight = builder.input("weight", [32])
    let inputs = ["real", "generated"].map { builder.input($0, shape) }
    let sums = inputs.map { builder.reduceSum($0, axes: [0, 1, 2]) }
    let outputs = sums.map { builder.multiply($0, weight) }
    let program = builder.program(outputs: [("real'", outputs[0]), ("generated'", outputs[1])])
    let found = try Plan(for: program).passDescriptions.map(\.op)
    #expect(found.sorted() == ["map", "map", "reduce", "reduce"])
  }
}
