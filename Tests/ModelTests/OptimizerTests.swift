import Diagnostics
@testable import Model
import Optimizers
import Program
import Reference
import Testing

@testable import Spec

@Suite struct OptimizerTests {
  /// By hand: with m = v = 0 the first step of Adam is rate · sign(g), but for ε.
  @Test func firstStepOfAdamHasTheSizeOfTheRate() throws {
    let optimizer = OptimizerSpec(
      rule: .adam(Adam(beta1: 0.5, beta2: 0.999, epsilon: 1e-8)), learningRate: 0.1)
    #expect(optimizer.stateNames == ["adam.m", "adam.v"])
    let scalars = optimizer.scalars(step: 1)
    #expect(abs(scalars.rate - 0.2) < 1e-15)  // 0.1 / (1 − 0.5)
    #expect(abs(scalars.correction - 1 / 0.001.squareRoot()) < 1e-10)

    var program = ProgramBuilder()
    let shape: Shape = [3]
    let parameter = program.input("p", shape)
    let gradient = program.input("g", shape)
    let zero = program.constant(0, shape)
    let inputs: [OptimizerScalar: Value] = [
      .rate: program.constant(scalars.rate), .correction: program.constant(scalars.correction),
    ]
    let updated = optimizer.update(
      parameter, gradient: gradient, state: [zero, zero], scalars: inputs, in: &program)
    let result = try ReferenceInterpreter<Double>().run(
      program.program(outputs: [("p", updated.parameter)]),
      inputs: [
        "p": Tensor(shape: shape, elements: [1, 2, 3]),
        "g": Tensor(shape: shape, elements: [4, -0.5, 0]),
      ])
    let moved = result["p"]!.elements
    for (value, expected) in zip(moved, [0.9, 2.1, 3]) { #expect(abs(value - expected) < 1e-6) }
  }

  @Test func onlyTheRulesThatNeedItHaveState() {
    #expect(
      OptimizerSpec(rule: .sgd(SGD(momentum: 0)), learningRate: 1).stateNames == [])
    #expect(
      OptimizerSpec(rule: .sgd(SGD(momentum: 0.9)), learningRate: 1).stateNames == ["sgd.b"])
    #expect(
      OptimizerSpec(
        rule: .rmsprop(RMSProp(smoothing: 0.9, epsilon: 1e-8, momentum: 0)), learningRate: 1
      )
      .stateNames == ["rmsprop.v"])
  }
}

extension OptimizerSpec {
  /// Without a place in a file.
  init(rule: OptimizerRule, learningRate: Double, weightDecay: Double = 0) {
    self.init(
      rule: rule, learningRate: learningRate, weightDecay: weightDecay,
      span: SourceSpan(
        file: SourceFile(path: "", text: ""), start: .init(line: 1, column: 1),
        end: .init(line: 1, column: 1)),
      optionSpans: [:])
  }
}
