import Layers
import Spec
import Testing

@Suite struct NetworkDecoderTests {
  private func generator(_ layers: String) -> SpecText {
    SpecText("generator:\n  layers:\n\(layers)")
  }

  @Test func loopsAreUnrolled() throws {
    let text = generator(
      """
          - repeat:
              for: i in 1..2
              layers:
                - conv: {filters: i, kernel: 3}
                - repeat:
                    for: j in i..2
                    layers:
                      - conv: {filters: 10 * i + j, kernel: 3}
          - repeat: {for: i in 1..0, layers: [tanh]}
      """)
    #expect(text.problems == [])
    let layers = try #require(text.decoded.spec).generator.layers
    #expect(layers.map { $0.main["filters"] } == ["1", "11", "12", "2", "22"])
    #expect(layers.map(\.name) == ["conv1", "conv2", "conv3", "conv4", "conv5"])
  }

  @Test func aProblemOfEachIterationIsReportedOnce() {
    let text = generator(
      """
          - repeat:
              for: i in 1..3
              layers:
                - conv: {filters: 1, kernel: 3, strid: 2}
      """)
    #expect(text.problems == ["6:43 S202 `conv` has no option `strid`"])
  }

  @Test func aProblemOfOneIterationKeepsItsRepair() throws {
    let text = generator(
      """
          - repeat:
              for: i in 1..1
              layers:
                - conv: {filters: 1, kernel: 3, strid: 2}
      """)
    let problem = try #require(text.decoded.diagnostics.first)
    #expect(problem.notes == ["where i = 1"])
    #expect(problem.help == ["did you mean `stride`?"])
    #expect(problem.repairs.map(\.title) == problem.help)
  }

  @Test func aProblemOfSomeIterationsNamesThem() {
    let text = generator(
      """
          - repeat:
              for: i in 1..4
              layers:
                - conv: {filters: 2 - i, kernel: 3}
      """)
    #expect(
      text.problems == [
        "6:29 S209 `filters` must be from 1 to 2147483648, found 0 "
          + "| where i = 2, and in 2 more iterations"
      ])
  }

  @Test(arguments: [
    ("for: 3", "3:21 S225 `for` takes a name and a range"),
    ("for: i in 3", "3:21 S225 `for` takes a name and a range"),
    ("for: i in 1..2..3", "3:21 S225 `for` takes a name and a range"),
    ("for: i in 3..1", "3:29 S232 the range 3..1 runs backwards"),
    ("for: i in 0.5..1", "3:26 S208 the range's start must be a whole number, found 0.5"),
    ("for: min in 1..2", "3:21 S229 `min` is a function"),
    ("for: n in 1..2", "3:21 S229 `n` is defined already"),
    (
      "for: i in 1..5000",
      "3:29 S226 more than 4096 layers in one network"
    ),
    (
      "for: i in 1..1000000",
      "3:29 S226 more than 4096 layers in one network"
    ),
  ])
  func mistakesOfLoops(head: String, problem: String) {
    let text = SpecText(
      """
      generator:
        layers:
          - repeat: {\(head), layers: [relu, tanh]}
      let: {n: 3}
      """)
    #expect(text.problems == [problem])
  }

  @Test func layersAreCountedAcrossLoops() {
    let text = generator(
      """
          - repeat:
              for: i in 1..64
              layers:
                - repeat: {for: j in 1..64, layers: [relu]}
          - tanh
      """)
    #expect(
      text.problems == ["7:7 S226 more than 4096 layers in one network"])
  }

  @Test func emptyLoopsEnd() {
    let text = generator(
      """
          - repeat:
              for: i in 1..4000
              layers:
                - repeat:
                    for: j in 1..4000
                    layers:
                      - repeat: {for: k in 1..0, layers: [relu]}
      """)
    #expect(text.problems.count == 1)
    #expect(text.problems.first?.contains("S226") == true)
  }

  @Test func layersAreRequired() {
    #expect(
      SpecText("generator: {}").problems == ["1:1 S222 `generator` needs a list of layers"])
    #expect(
      SpecText("generator: {layers: []}").problems == [
        "1:21 S222 `generator` needs a list of layers"
      ])
  }

  @Test func aWrongRangeDoesNotHideMistakesInTheBody() {
    let text = generator(
      """
          - repeat:
              for: i in 1..m
              layers:
                - conv: {filters: i * 0, kernel: 3, strid: 1}
      """)
    #expect(text.problems.count == 2)
    #expect(text.problems.last == "6:47 S202 `conv` has no option `strid`")
  }
}

/// Specs that are small and would take forever if decoding followed them.
@Suite(.timeLimit(.minutes(1))) struct HostileSpecTests {
  @Test func loopsOverManyEmptyLoops() {
    let empty = String(repeating: "repeat: {for: j in 1..0, layers: [relu]}, ", count: 5_000)
    let text = SpecText(
      "generator: {layers: [repeat: {for: i in 1..10000, layers: [\(empty)]}]}")
    #expect(text.problems.map { $0.contains("S226") } == [true])
  }

  @Test func loopsOverManyMistakes() {
    let options = (0..<5_000).map { "x\($0): 1" }.joined(separator: ", ")
    let text = SpecText(
      "generator: {layers: [repeat: {for: i in 1..4096, layers: [relu: {\(options)}]}]}")
    #expect(text.problems.count == 51)
  }

  @Test func manyMistakesOnALongLine() {
    let layers = (0..<5_000).map { "relu: {x: b + \($0)}" }.joined(separator: ", ")
    let text = SpecText("let: {a: b}\ngenerator: {layers: [\(layers)]}")
    #expect(text.decoded.spec == nil)
  }

  @Test func aLongChainOfDefinitions() {
    let chain = (0..<999).map { "a\($0): a\($0 + 1) + 1" }.joined(separator: ", ")
    let text = SpecText("let: {\(chain), a999: 1}\nlatent: {size: a0}")
    #expect(text.decoded.spec?.latent.size == 1_000)
  }
}
