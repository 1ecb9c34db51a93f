import Diagnostics
import Guidelines
import Spec
import Testing

/// The last layers of both networks: tanh, one sigmoid, and what goes with them.
@Suite struct OutputLayerTests {
  private func rendered(_ yaml: String) throws -> String {
    let (spec, diagnostics) = Spec.decode(GuidelineExample(yaml).spec, path: "test.yaml")
    #expect(diagnostics == [])
    return Guidelines.check(try #require(spec)).map { TextRenderer().render($0) }
      .joined(separator: "\n")
  }

  /// An activation from `defaults` at the end of a critic takes half of its scores away.
  @Test func aCriticEndsWithoutAnActivation() throws {
    #expect(
      try rendered(
        """
        discriminator:
          defaults: {kernel: 4, stride: 2, norm: layer, activation: {leaky_relu: 0.2}}
          layers:
            - conv: {filters: 32, norm: none}
            - linear: {units: 1, norm: none}
        objective: {loss: wasserstein, gradient_penalty: 10}
        """) == """
          test.yaml:5:7: warning[G521]: `linear1` of the discriminator ends in `leaky_relu`, though \
          the scores of `wasserstein` have no bounds
              5 |     - linear: {units: 1, norm: none}
                |       ^^^^^^ the last layer
              2 |   defaults: {kernel: 4, stride: 2, norm: layer, activation: {leaky_relu: 0.2}}
                |                                                              ---------- `leaky_relu` \
          from here
             help: write `activation: none`
          """)
  }

  /// A projection has one output, though it does not say so.
  @Test(arguments: [("minimax", "sigmoid"), ("hinge", "none")])
  func aProjectionIsALastLayer(_ loss: String, _ activation: String) throws {
    #expect(
      try rendered(
        """
        condition: {classes: 3}
        generator:
          defaults: {kernel: 4, stride: 2, norm: conditional_batch, activation: relu}
          layers:
            - project: {to: [64, 4, 4]}
            - conv_transpose: {filters: 32}
            - conv_transpose: {filters: 3, norm: none, activation: tanh}
        discriminator:
          defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
          layers:
            - conv: {filters: 32, norm: none}
            - label_projection: {norm: none, activation: \(activation)}
        objective: {loss: \(loss)}
        """) == "")
  }

  @Test func pixelsInAnotherRangeThanTanhs() throws {
    #expect(
      try rendered("image: {size: 16, channels: 3, range: [0, 1]}") == """
        test.yaml:1:39: error[G506]: pixels are scaled to [0, 1], the range of tanh is [-1, 1]
            1 | image: {size: 16, channels: 3, range: [0, 1]}
              |                                       ^^^^^^
            9 |     - conv_transpose: {filters: 3, norm: none, activation: tanh}
              |                                                            ---- tanh
           help: write `range: [-1, 1]`
           help: declare an intentional deviation: `deviations: {G506: "why"}`
        """)
  }

  @Test func noActivationAndAnotherRange() throws {
    #expect(
      try rendered(
        """
        image: {size: 16, channels: 3, range: [0, 1]}
        generator:
          layers:
            - project: {to: [3, 16, 16]}
        """) == """
          test.yaml:4:7: error[G506]: `project1` of the generator ends without an activation, not in \
          tanh
              4 |     - project: {to: [3, 16, 16]}
                |       ^^^^^^^ the output layer
              1 | image: {size: 16, channels: 3, range: [0, 1]}
                |                                       ------ the range of pixels
             help: write `activation: tanh`
             help: write `range: [-1, 1]` too
             help: declare an intentional deviation: `deviations: {G506: "why"}`
          """)
  }

  @Test func severalOutputs() throws {
    #expect(
      try rendered(
        """
        discriminator:
          layers:
            - linear: {units: 2, activation: sigmoid}
        """) == """
          test.yaml:3:7: error[G518]: `linear1` of the discriminator ends in 2 outputs, not in one
              3 |     - linear: {units: 2, activation: sigmoid}
                |       ^^^^^^ the last layer
             help: write `1`
             help: write `- linear: {units: 1, activation: sigmoid}`
             help: declare an intentional deviation: `deviations: {G518: "why"}`
          """)
  }

  @Test func anotherActivationThanASigmoid() throws {
    #expect(
      try rendered(
        """
        discriminator:
          layers:
            - linear: {units: 1, activation: tanh}
        """) == """
          test.yaml:3:38: error[G518]: `linear1` of the discriminator ends in `tanh`, not in a sigmoid
              3 |     - linear: {units: 1, activation: tanh}
                |                                      ^^^^ the last layer
             help: write `activation: sigmoid`
             help: declare an intentional deviation: `deviations: {G518: "why"}`
          """)
  }

  /// Other objectives have outputs of their own.
  @Test func theObjectiveDecides() throws {
    #expect(
      try rendered(
        """
        discriminator:
          layers:
            - linear: {units: 1, activation: none}
        objective: {loss: least_squares}
        """) == "")
  }

  @Test(arguments: DeviationCode.allCases)
  func examplesOfDeviationsAreReported(_ code: DeviationCode) throws {
    let (spec, _) = Spec.decode(GuidelineExample(code.entry.example).spec, path: "test.yaml")
    let found = Guidelines.check(try #require(spec))
    #expect(found.map(\.code) == [code.code])
    #expect(found.map(\.severity) == [code.severity])
  }
}
