import Decoding
import Diagnostics
import Document
import Testing

private func problem(_ text: String, in scope: Scope) -> Diagnostic? {
  guard case .scalar(let scalar) = value(text).value,
    case .failure(let problem) = Expression.evaluate(scalar, in: scope)
  else { return nil }
  return problem.diagnostic
}

@Suite("Expression problems") struct ExpressionProblemTests {
  @Test(arguments: ExpressionCode.allCases)
  func `the example of every code has that problem`(code: ExpressionCode) {
    #expect(problem("a: '\(code.entry.example)'", in: Scope())?.code == code.code)
    #expect(!code.entry.title.isEmpty && !code.entry.explanation.isEmpty)
  }

  @Test(
    arguments: [
      (
        "filters: wdith * 2",
        """
        a.yaml:1:10: error[E306]: nothing defines `wdith`
            1 | filters: wdith * 2
              |          ^^^^^
           help: did you mean `width`?
        """
      ),
      (
        "filters: 2 * depth",
        """
        a.yaml:1:14: error[E306]: nothing defines `depth`
            1 | filters: 2 * depth
              |              ^^^^^
           help: defined here: `rate`, `size` and `width`
        """
      ),
      (
        "filters: mix * 2",
        """
        a.yaml:1:10: error[E306]: nothing defines `mix`
            1 | filters: mix * 2
              |          ^^^
           help: defined here: `rate`, `size` and `width`
        """
      ),
      (
        "filters: no",
        """
        a.yaml:1:10: error[E306]: nothing defines `no`
            1 | filters: no
              |          ^^
           help: some YAML readers take `no` for the boolean false, but a number belongs here
        """
      ),
      (
        "filters: null",
        """
        a.yaml:1:10: error[E306]: nothing defines `null`
            1 | filters: null
              |          ^^^^
           help: to leave an option out, leave out its whole entry
        """
      ),
      (
        "filters: NaN",
        """
        a.yaml:1:10: error[E306]: nothing defines `NaN`
            1 | filters: NaN
              |          ^^^
           help: only finite numbers are allowed
        """
      ),
      (
        "filters: ~",
        """
        a.yaml:1:10: error[E301]: `~` is not valid in an expression
            1 | filters: ~
              |          ^
           help: `~` is nothing for some YAML readers: write a number, or leave the whole entry out
        """
      ),
      (
        "filters: 64#wide",
        """
        a.yaml:1:12: error[E301]: `#` is not valid in an expression
            1 | filters: 64#wide
              |            ^
           help: a comment needs a space before its `#`
        """
      ),
      (
        "filters: 0100",
        """
        a.yaml:1:10: error[E302]: `0100` is not a decimal number
            1 | filters: 0100
              |          ^^^^
           note: some YAML readers take a leading zero for an octal number
           help: write `100`, or `64` if octal was meant
        """
      ),
      (
        "filters: 1:04",
        """
        a.yaml:1:10: error[E302]: `1:04` is not a decimal number
            1 | filters: 1:04
              |          ^^^^
           note: some YAML readers take digits with colons for a number to the base 60
           help: write it in decimal notation: `64`
        """
      ),
      (
        "filters: .inf",
        """
        a.yaml:1:10: error[E302]: `.inf` is not a decimal number
            1 | filters: .inf
              |          ^^^^
           note: in YAML, `.inf` is infinity
           help: only finite numbers are allowed
        """
      ),
      (
        "filters: log(size)",
        """
        a.yaml:1:10: error[E307]: there is no function `log`
            1 | filters: log(size)
              |          ^^^
           help: did you mean `log2`?
        """
      ),
      (
        "filters: size(3)",
        """
        a.yaml:1:10: error[E307]: `size` is a number, not a function
            1 | filters: size(3)
              |          ^^^^
           help: write a product with `*`: `size * (…)`
        """
      ),
      (
        "filters: 2 * log2",
        """
        a.yaml:1:14: error[E308]: `log2` is a function
            1 | filters: 2 * log2
              |              ^^^^
           help: write `log2(…)`
        """
      ),
      (
        "filters: 'größe * 2'",
        """
        a.yaml:1:13: error[E301]: `ö` is not valid in an expression
            1 | filters: 'größe * 2'
              |             ^
           help: the operators are + - * / ^ ( )
        """
      ),
      (
        "filters: 4 × 4",
        """
        a.yaml:1:12: error[E301]: `×` is not valid in an expression
            1 | filters: 4 × 4
              |            ^
           help: write `*`
        """
      ),
      (
        "filters: 2**3",
        """
        a.yaml:1:12: error[E303]: expected a value, found `*`
            1 | filters: 2**3
              |            ^
           help: powers are written `^`, products `*`
        """
      ),
      (
        "filters: 2 + )",
        """
        a.yaml:1:14: error[E303]: expected a value, found `)`
            1 | filters: 2 + )
              |              ^
        """
      ),
      (
        "filters: ' '",
        """
        a.yaml:1:10: error[E303]: expected a number, found an empty text
            1 | filters: ' '
              |          ^^^
        """
      ),
      (
        "filters: size width",
        """
        a.yaml:1:15: error[E304]: expected an operator such as `+` or `*`, found `width`
            1 | filters: size width
              |               ^^^^^
           help: write a product with `*`
        """
      ),
      (
        "filters: (1, 2)",
        """
        a.yaml:1:12: error[E304]: expected an operator such as `+` or `*`, found `,`
            1 | filters: (1, 2)
              |            ^
           help: a comma only separates the arguments of `min` and `max`
        """
      ),
      (
        "filters: 2 * 3)",
        """
        a.yaml:1:15: error[E305]: this `)` closes nothing
            1 | filters: 2 * 3)
              |               ^
        """
      ),
      (
        "{filters: min(2, 3: 4}",
        """
        a.yaml:1:14: error[E305]: this `(` is never closed
            1 | {filters: min(2, 3: 4}
              |              ^
           help: add the `)`; inside { } and [ ], quote an expression that contains a comma
        """
      ),
      (
        "filters: \"min(2, 3\"",
        """
        a.yaml:1:14: error[E305]: this `(` is never closed
            1 | filters: "min(2, 3"
              |              ^
           help: add the `)`
        """
      ),
      (
        "filters: 9 / (size - 64)",
        """
        a.yaml:1:14: error[E312]: `9 / 0` divides by zero
            1 | filters: 9 / (size - 64)
              |              ^^^^^^^^^^^
              --> base.yaml:1
            1 | size: 64
              |       -- `size` is 64
        """
      ),
      (
        "filters: 0^-1",
        """
        a.yaml:1:12: error[E312]: `0 ^ (-1)` divides by zero
            1 | filters: 0^-1
              |            ^^
        """
      ),
      (
        "filters: 9223372036854775807 + size",
        """
        a.yaml:1:30: error[E311]: `9223372036854775807 + 64` does not fit into 64 bits
            1 | filters: 9223372036854775807 + size
              |                              ^
              --> base.yaml:1
            1 | size: 64
              |       -- `size` is 64
        """
      ),
      (
        "filters: 9223372036854775808",
        """
        a.yaml:1:10: error[E311]: `9223372036854775808` does not fit into 64 bits
            1 | filters: 9223372036854775808
              |          ^^^^^^^^^^^^^^^^^^^
        """
      ),
      (
        "filters: -(-9223372036854775807 - 1)",
        """
        a.yaml:1:10: error[E311]: `-(-9223372036854775808)` does not fit into 64 bits
            1 | filters: -(-9223372036854775807 - 1)
              |          ^
        """
      ),
      (
        "filters: (-9223372036854775807 - 1) / -1",
        """
        a.yaml:1:37: error[E311]: `(-9223372036854775808) / (-1)` does not fit into 64 bits
            1 | filters: (-9223372036854775807 - 1) / -1
              |                                     ^
        """
      ),
      (
        "filters: 3037000500^2",
        """
        a.yaml:1:20: error[E311]: `3037000500 ^ 2` does not fit into 64 bits
            1 | filters: 3037000500^2
              |                    ^
        """
      ),
      (
        "filters: 3^40",
        """
        a.yaml:1:11: error[E311]: `3 ^ 40` does not fit into 64 bits
            1 | filters: 3^40
              |           ^
        """
      ),
      (
        "filters: log2(size - 65)",
        """
        a.yaml:1:15: error[E313]: `log2(-1)` is not defined: log2 needs a number above 0
            1 | filters: log2(size - 65)
              |               ^^^^^^^^^
              --> base.yaml:1
            1 | size: 64
              |       -- `size` is 64
        """
      ),
      (
        "filters: 1e308 * 10",
        """
        a.yaml:1:16: error[E314]: `1e+308 * 10` is not a finite number
            1 | filters: 1e308 * 10
              |                ^
        """
      ),
      (
        "filters: 1e309",
        """
        a.yaml:1:10: error[E314]: `1e309` is too large for a double
            1 | filters: 1e309
              |          ^^^^^
        """
      ),
      (
        "filters: size\n  * )",
        """
        a.yaml:1:10: error[E303]: expected a value, found `)`
            1 | filters: size
              |          ^^^^
        """
      ),
    ])
  func `the caret stands under the cause`(text: String, expected: String) {
    #expect(rendered([problem(text, in: scope)].compactMap(\.self)) == expected)
  }

  @Test(
    arguments: [
      ("010", "write `10`, or `8` if octal was meant"),
      ("0.010.", "numbers look like `64`, `0.5` or `2e-4`"),
      ("09", "write `9`"),
      ("00.5", "write `.5`"),
      ("0x1F", "write `31`"),
      ("0xFG", "write it in decimal notation"),
      ("0o17", "write `15`"),
      ("0b101", "write `5`"),
      ("1_000", "write `1000`"),
      ("1:30", "write it in decimal notation: `90`"),
      ("1:2.5", "write it in decimal notation"),
      ("1..3", "a range such as `1..3` is only written after `for: i in`"),
      ("2size", "write a product with `*`: `2 * size`"),
      (".inf", "only finite numbers are allowed"),
      (".NaN", "only finite numbers are allowed"),
      ("1e", "write a product with `*`: `1 * e`"),
      ("1e5x", "write a product with `*`: `1 * e5x`"),
      ("1e+", "numbers look like `64`, `0.5` or `2e-4`"),
      (".", "numbers look like `64`, `0.5` or `2e-4`"),
      ("1.2.3", "numbers look like `64`, `0.5` or `2e-4`"),
    ])
  func `other notations are refused with what to write`(text: String, help: String) {
    let diagnostic = problem("a: 2 * \(text)", in: scope)
    #expect(diagnostic?.code == ExpressionCode.malformedNumber.code)
    #expect(diagnostic?.message == "`\(text)` is not a decimal number")
    #expect(diagnostic?.help == [help])
    #expect(diagnostic?.primary.span.start.column == 8)
    #expect(diagnostic?.primary.span.end.column == 8 + text.count)
  }
}
