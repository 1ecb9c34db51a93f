import Diagnostics
import Guidelines
import Spec
import Testing

@Suite struct GuidelinesTests {
  private func rendered(_ yaml: String) throws -> String {
    let text = GuidelineExample(yaml).spec
    let (spec, diagnostics) = Spec.decode(text, path: "test.yaml")
    #expect(diagnostics == [])
    let found = Guidelines.check(try #require(spec))
    return found.map { TextRenderer().render($0) }.joined(separator: "\n\n")
  }

  /// A branch of a residual block ends without norm and activation: they stand before it.
  @Test func branchesOfResidualBlocksMayEndPlain() throws {
    let text = try rendered(
      """
      generator:
        defaults: {kernel: 3, norm: none, activation: none}
        layers:
          - project: {to: [64, 16, 16]}
          - batch_norm
          - relu
          - conv: {filters: 32}
          - batch_norm
          - relu
          - conv: {filters: 32}
          - take: -7
          - conv: {filters: 32, kernel: 1}
          - add: -3
          - batch_norm
          - relu
          - conv: {filters: 3, activation: tanh}
      discriminator:
        defaults: {kernel: 4, stride: 2, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32}
          - conv: {filters: 32, stride: 1, kernel: 3, norm: batch}
          - conv: {filters: 32, stride: 1, kernel: 3, norm: batch, activation: none}
          - add: -3
          - leaky_relu: 0.2
          - linear: {units: 1, activation: sigmoid}
      """)
    #expect(text == "")
  }

  /// The numbers of the paper's training belong to its objective.
  @Test func otherObjectivesHaveOtherNumbers() throws {
    let settings = """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: layer, activation: {leaky_relu: 0.1}}
        layers:
          - conv: {filters: 32, norm: none}
          - linear: {units: 1, norm: none, activation: OUTPUT}
      train: {batch: 64, optimizer: {adam: {learning_rate: 0.0001, beta1: 0}}}
      objective:\u{20}
      """
    func codes(_ objective: String) throws -> [String] {
      let text = settings.replacing(
        "OUTPUT", with: objective.contains("minimax") ? "sigmoid" : "none")
      return try rendered(text + objective).matches(of: /[G]5../).map { String($0.output) }
        .filter { ["G511", "G512", "G513"].contains($0) }
    }
    #expect(try codes("{loss: minimax}") == ["G511", "G513", "G512", "G512"])
    #expect(try codes("{loss: minimax, r1: 1}") == [])
    #expect(try codes("{loss: wasserstein, gradient_penalty: 10}") == [])
    #expect(try codes("{loss: hinge}") == [])
  }

  @Test func severalLayersAreOneDiagnostic() throws {
    let text = try rendered(
      """
      generator:
        defaults: {kernel: 5, stride: 2, norm: batch, activation: relu}
        layers:
          - project: {to: [64, 1, 1]}
          - repeat:
              for: i in 1..3
              layers:
                - conv_transpose: {filters: 32}
          - conv_transpose: {filters: 3, norm: none, activation: tanh}
      """)
    #expect(
      text == """
        test.yaml:8:13: note[G515]: `conv_transpose1` of the generator can produce checkerboards: \
        stride 2 does not divide its 5 × 5 kernel
            8 |           - conv_transpose: {filters: 32}
              |             ^^^^^^^^^^^^^^ 5 / 2
            9 |     - conv_transpose: {filters: 3, norm: none, activation: tanh}
              |       -------------- 5 / 2
           note: the same in `conv_transpose2`, `conv_transpose3`, `conv_transpose4`
           help: write `kernel: 4`
           help: a kernel of 4 covers every pixel equally often
        """)
  }

  @Test func aDefaultIsShownBesideTheLayerThatTakesIt() throws {
    let text = try rendered(
      """
      discriminator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
        layers:
          - conv: {filters: 32}
          - conv: {filters: 64}
          - linear: {units: 1, norm: none, activation: sigmoid}
      """)
    #expect(
      text == """
        test.yaml:4:7: error[G503]: `conv1` of the discriminator has batchnorm at the input
            4 |     - conv: {filters: 32}
              |       ^^^^ the input layer
            2 |   defaults: {kernel: 4, stride: 2, norm: batch, activation: {leaky_relu: 0.2}}
              |                                          ----- `batch` from here
           help: write `norm: none` in this layer
           help: declare an intentional deviation: `deviations: {G503: "why"}`
        """)
  }

  @Test func aSigmoidNamesTheRangeOfPixels() throws {
    let text = try rendered(
      """
      image: {size: 16, range: [0, 1]}
      generator:
        defaults: {kernel: 4, stride: 2, norm: batch, activation: relu}
        layers:
          - project: {to: [64, 4, 4]}
          - conv_transpose: {filters: 32}
          - conv_transpose: {filters: 3, norm: none, activation: sigmoid}
      """)
    #expect(
      text == """
        test.yaml:7:60: error[G506]: `conv_transpose2` of the generator ends in `sigmoid`, \
        not in tanh
            7 |     - conv_transpose: {filters: 3, norm: none, activation: sigmoid}
              |                                                            ^^^^^^^ the output layer
            1 | image: {size: 16, range: [0, 1]}
              |                          ------ the range of pixels
           help: write `activation: tanh`
           help: write `range: [-1, 1]` too
           help: declare an intentional deviation: `deviations: {G506: "why"}`
        """)
  }

  @Test func deviationsAreChecked() throws {
    let text = try rendered("deviations: {G505: why, G55: why, nonsense: why}")
    #expect(
      text.split(separator: "\n").filter { $0.contains("test.yaml") || $0.contains("mean") } == [
        "test.yaml:1:14: warning[G590]: G505 is already satisfied, so this deviation has no effect",
        "test.yaml:1:25: error[G591]: there is no guideline `G55`",
        "   help: did you mean `G505`?",
        "test.yaml:1:35: error[G591]: there is no guideline `nonsense`",
      ])
  }

  @Test func entriesOfTheirOwnCountAsNormAndActivation() throws {
    let text = try rendered(
      """
      discriminator:
        layers:
          - conv: {filters: 32, kernel: 4, stride: 2}
          - leaky_relu
          - conv: {filters: 64, kernel: 4, stride: 2}
          - batch_norm
          - leaky_relu
          - linear: {units: 1}
          - sigmoid
      """)
    #expect(text == "")
  }

  @Test func otherObjectivesNeedNoSigmoid() throws {
    let text = try rendered(
      """
      objective: {loss: hinge}
      discriminator:
        layers:
          - conv: {filters: 32, kernel: 4, stride: 2, activation: leaky_relu}
          - linear: {units: 1}
      """)
    #expect(text == "")
  }

  @Test func aLinearLayerBeforeReshapeIsAProjection() throws {
    let text = try rendered(
      """
      generator:
        layers:
          - linear: {units: 1024}
          - reshape: {to: [64, 4, 4]}
          - batch_norm
          - relu
          - conv_transpose: {filters: 3, kernel: 4, stride: 4, activation: tanh}
      """)
    #expect(text == "")
  }
}
