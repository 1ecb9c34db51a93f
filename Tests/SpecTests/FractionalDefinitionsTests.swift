import Diagnostics
import Testing

/// Whole numbers that are made of a fraction: one report, at the definition.
@Suite struct FractionalDefinitionsTests {
  private func rendered(_ sections: String) -> [String] {
    SpecText(sections).decoded.diagnostics.map { TextRenderer().render($0) }
  }

  @Test func sizeThatCannotBeHalvedIsReportedOnceWithTheNearestThatCan() {
    #expect(
      rendered(
        """
        let: {size: 96, base: 4, steps: log2(size / base), last: steps - 1}
        latent: {size: 2 * last}
        train: {batch: steps, epochs: last}
        """) == [
          """
          spec.yaml:1:33: error[S208]: `steps` is 4.584962500721156, where a whole number is needed
              1 | let: {size: 96, base: 4, steps: log2(size / base), last: steps - 1}
                |                                 ^^^^^^^^^^^^^^^^^
                |             -- `size` is 96
                |                       - `base` is 4
              2 | latent: {size: 2 * last}
                |                -------- makes a whole number of it
              3 | train: {batch: steps, epochs: last}
                |                ----- makes a whole number of it
                |                               ---- makes a whole number of it
             help: `steps` is whole where `size` is 64 or 128, or where `base` is 3 or 6
          """
        ])
  }

  @Test func fractionThatIsWrittenIsWrongWhereItIsUsed() {
    let text = SpecText(
      """
      let: {slope: 0.5, more: slope * 3}
      train: {batch: slope, epochs: more}
      """)
    #expect(
      text.problems == [
        "2:16 S208 `batch` must be a whole number, found 0.5",
        "2:31 S208 `epochs` must be a whole number, found 1.5",
      ])
  }

  @Test func fractionMayBeUsedAsOne() {
    #expect(
      SpecText(
        """
        let: {size: 96, rate: 1 / size}
        train: {optimizer: {adam: {learning_rate: rate}}}
        """
      ).problems == [])
  }

  @Test func nothingIsProposedWhereNothingNearHelps() {
    #expect(
      rendered(
        """
        let: {n: 1, third: n / 3 + 0.1}
        train: {batch: third}
        """) == [
          """
          spec.yaml:1:20: error[S208]: `third` is 0.43333333333333335, where a whole number is needed
              1 | let: {n: 1, third: n / 3 + 0.1}
                |                    ^^^^^^^^^^^
                |          - `n` is 1
              2 | train: {batch: third}
                |                ----- makes a whole number of it
          """
        ])
  }

  @Test func eachDefinitionHasItsReport() {
    let text = SpecText(
      """
      let: {a: 5, b: a / 2, c: log2(a)}
      train: {batch: b, epochs: b * c}
      """)
    #expect(
      text.problems == [
        "1:16 S208 `b` is 2.5, where a whole number is needed",
        "1:26 S208 `c` is 2.321928094887362, where a whole number is needed",
      ])
  }

  @Test func otherFractionsGetTheNearestNumbersToo() {
    #expect(
      rendered(
        """
        let: {size: 100}
        latent: {size: "size / 16"}
        """) == [
          """
          spec.yaml:2:16: error[S208]: `size` must be a whole number, found 6.25
              2 | latent: {size: "size / 16"}
                |                ^^^^^^^^^^^
              1 | let: {size: 100}
                |             --- `size` is 100
             help: it is whole where `size` is 96 or 112
          """
        ])
  }

  @Test func nothingIsProposedForTheNumbersOfLoops() {
    let text = SpecText(
      """
      let: {n: 3}
      discriminator:
        layers:
          - repeat: {for: i in 1..1, layers: [{conv: {filters: (n + i) / 8, kernel: 3}}]}
      """)
    #expect(text.problems.map { $0.prefix(8) } == ["4:58 S20"])
    #expect(text.decoded.diagnostics.map(\.help) == [[]])
  }

  /// Each search costs little, and so do all together; those past the limit go without help.
  @Test func searchIsBounded() {
    let long = Array(repeating: "n / 3", count: 100).joined(separator: " + ")
    let definitions = (0..<400).map { "v\($0): \(long)" }.joined(separator: ", ")
    let layers = (0..<400).map { "conv: {filters: v\($0)}" }.joined(separator: ", ")
    let text = SpecText(
      """
      let: {n: 4096, \(definitions)}
      discriminator: {layers: [\(layers)]}
      """)
    let found = text.decoded.diagnostics.filter { $0.code.rawValue == "S208" }
    #expect(found.count == 400)
    #expect(found.first?.help == ["`v0` is whole where `n` is 4095 or 4098"])
    #expect(found.last?.help == [])
  }
}
