import Diagnostics
import Spec
import Testing

@Suite struct DefinitionsTests {
  @Test func namesMayNeedLaterOnes() {
    let text = SpecText(
      """
      let: {steps: log2(size / base), size: 2 * half, base: 4, half: 32}
      latent: {size: steps}
      """)
    #expect(text.problems == [])
    #expect(text.decoded.spec?.latent.size == 4)
  }

  @Test func aCycleIsReportedOnce() {
    let text = SpecText(
      """
      let: {a: b + 1, b: c, c: a, d: a * 2}
      latent: {size: d}
      """)
    #expect(text.problems == ["1:7 S230 `a` needs itself: a → b → c → a"])
  }

  @Test func aNameMayNeedItself() {
    #expect(SpecText("let: {a: a + 1}").problems == ["1:7 S230 `a` needs itself: a → a"])
  }

  @Test func functionsKeepTheirNames() {
    let text = SpecText("let: {max: 3, x: \"max(1, 2)\"}")
    #expect(text.problems == ["1:7 S229 `max` is a function"])
  }

  @Test func onlyNamesCanBeDefined() {
    let text = SpecText("let: {a-b: 3, 2x: 4}")
    #expect(
      text.problems == [
        "1:7 S221 `a-b` cannot be used in an expression",
        "1:15 S221 `2x` cannot be used in an expression",
      ])
  }

  @Test func whatFollowsFromABrokenNameIsNotReported() {
    let text = SpecText(
      """
      let: {a: 1 +, b: a * 2}
      latent: {size: b - 10}
      train: {batch: 0}
      """)
    #expect(text.problems.map { $0.prefix(8) } == ["1:12 E30", "3:16 S20"])
  }

  @Test func aCommaInAMapCutsAnExpressionOff() {
    #expect(
      SpecText("let: {x: max(1, 2)}").problems == [
        "1:15 Y107 a comma splits the expression `max(1, 2)`"
      ])
  }

  @Test func valuesAreNumbers() {
    #expect(
      SpecText("let: {a: [1]}").problems == [
        "1:10 S222 `a` is a number or an expression, found a list"
      ])
  }
}
