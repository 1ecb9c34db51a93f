import Diagnostics
import Testing

@testable import Spec

/// A name that nothing defines is one mistake, however often it is used.
@Suite struct UnknownNamesTests {
  @Test func allUsesAreOneReportAndOneRepair() {
    let text = SpecText(
      """
      let: {widht: 8, double: 2 * width}
      discriminator:
        layers:
          - conv: {filters: width, kernel: 3}
          - conv: {filters: width * 2, kernel: 3}
          - conv: {filters: width * 4, kernel: 3}
          - conv: {filters: width * 8, kernel: 3}
          - linear: 1
      """)
    let found = text.decoded.diagnostics
    #expect(
      found.map { TextRenderer().render($0) } == [
        """
        spec.yaml:1:29: error[E306]: nothing defines `width`
            1 | let: {widht: 8, double: 2 * width}
              |                             ^^^^^
            4 |     - conv: {filters: width, kernel: 3}
              |                       ----- here too
            5 |     - conv: {filters: width * 2, kernel: 3}
              |                       ----- here too
            6 |     - conv: {filters: width * 4, kernel: 3}
              |                       ----- here too
           note: and in 1 more place
           help: did you mean `widht`?
        """
      ])
    #expect(found.first?.repairs.first?.edits.map(\.span.start.line) == [1, 4, 5, 6, 7])
  }

  @Test func differentNamesAreDifferentReports() {
    #expect(
      SpecText("latent: {size: a}\ntrain: {batch: b, epochs: a}").problems == [
        "1:16 E306 nothing defines `a`", "2:16 E306 nothing defines `b`",
      ])
  }
}
