import Decoding
import Diagnostics
import Document
import Testing

/// Reads the only key of a text: its value's options, with `defaults` inherited.
private func reader(_ text: String, defaults: String? = nil) -> OptionReader {
  let (key, node) = value(text)
  var inherited: Node.Mapping?
  if let defaults, case .mapping(let mapping) = value(defaults).value { inherited = mapping }
  return OptionReader(
    node, subject: key.text, span: key.span, scope: scope, inherited: inherited)
}

private enum Padding: String, CaseIterable {
  case same
  case valid
}

@Suite("Option reader") struct OptionReaderTests {
  @Test func `options are read by type`() {
    var options = reader(
      """
      conv:
        filters: width / 2
        kernel: [3, size / 16]
        slope: rate / 2
        betas: [0.5, 0.999]
        bias: false
        padding: valid
        name: last
      """)
    #expect(options.integer("filters", in: 1...1024) == 64)
    #expect(options.integers("kernel", counts: [1, 2], in: 1...9) == [3, 4])
    #expect(options.number("slope", in: NumberRange(0..<1)) == 0.25)
    #expect(options.numbers("betas", count: 2, in: NumberRange(0..<1)) == [0.5, 0.999])
    #expect(options.boolean("bias", default: true) == false)
    #expect(options.choice("padding") == Padding.valid)
    #expect(options.text("name") == "last")
    options.finish()
    #expect(rendered(options.diagnostics) == "")
  }

  @Test func `defaults stand in for what is not written`() {
    var options = reader("conv:")
    #expect(options.integer("filters", default: 3) == 3)
    #expect(options.integers("kernel", counts: [1, 2], in: 1...9, required: false) == nil)
    #expect(options.number("slope", default: 0.2) == 0.2)
    #expect(options.numbers("betas", count: 2) == nil)
    #expect(options.boolean("bias", default: true) == true)
    #expect(options.choice("padding", default: Padding.same) == .same)
    #expect(options.text("name", default: "conv1") == "conv1")
    #expect(options.nested("norm") == nil)
    options.finish()
    #expect(rendered(options.diagnostics) == "")
  }

  @Test func `what is required and missing is reported, and something usable returned`() {
    var options = OptionReader(nil, subject: "conv", span: value("conv: {}").key.span)
    #expect(options.integer("filters", in: 4...8) == 4)
    #expect(options.integers("kernel", counts: [1], in: 1...9) == nil)
    #expect(options.number("slope", in: .above(2)) == 3)
    #expect(options.boolean("bias") == false)
    #expect(options.choice("padding") as Padding? == nil)
    #expect(options.text("name") == "")
    #expect(options.nested("norm", required: true) == nil)
    #expect(
      options.diagnostics.map(\.message)
        == ["filters", "kernel", "slope", "bias", "padding", "name", "norm"].map {
          "`conv` needs the option `\($0)`"
        })
    #expect(
      rendered([options.diagnostics[0]]) == """
        a.yaml:1:1: error[S201]: `conv` needs the option `filters`
            1 | conv: {}
              | ^^^^
           help: write `filters: …` among the options of `conv`
        """)
  }

  @Test func `many unknown options are reported together`() {
    let keys = (1...53).map { "k\($0): 1" }.joined(separator: "\n  ")
    var options = reader("conv:\n  " + keys)
    _ = options.integer("filters", default: 1)
    options.finish()
    #expect(options.diagnostics.count == 51)
    #expect(
      rendered(Array(options.diagnostics.suffix(1))) == """
        a.yaml:52:3: error[S202]: `conv` has none of these 3 options either
           52 |   k51: 1
              |   ^^^ from here on
        """)
  }

  @Test func `unknown options get the nearest known name`() {
    var options = reader("conv: {filters: 64, strid: 2, dilation: 3}")
    _ = options.integer("filters")
    _ = options.integer("stride", default: 1)
    options.finish()
    #expect(
      rendered(options.diagnostics) == """
        a.yaml:1:21: error[S202]: `conv` has no option `strid`
            1 | conv: {filters: 64, strid: 2, dilation: 3}
              |                     ^^^^^
           help: did you mean `stride`?
        a.yaml:1:31: error[S202]: `conv` has no option `dilation`
            1 | conv: {filters: 64, strid: 2, dilation: 3}
              |                               ^^^^^^^^
           help: `conv` knows `filters` and `stride`
        """)
  }

  @Test func `a kind without options takes none`() {
    var map = reader("tanh: {slope: 2}")
    map.finish()
    var bare = reader("tanh: 2")
    bare.finish()
    #expect(
      rendered(map.diagnostics + bare.diagnostics) == """
        a.yaml:1:8: error[S202]: `tanh` has no option `slope`
            1 | tanh: {slope: 2}
              |        ^^^^^
           help: `tanh` has no options
        a.yaml:1:7: error[S206]: `tanh` takes no options, found `2`
            1 | tanh: 2
              |       ^
        """)
  }

  @Test func `a bare value stands for one option`() {
    var options = reader("leaky_relu: 0.2")
    #expect(options.number("slope", default: 0.1, bare: true) == 0.2)
    #expect(options.span(of: "slope").start.column == 13)
    options.finish()
    #expect(options.diagnostics == [])

    var other = reader("conv: [64]")
    _ = other.integer("filters", default: 1)
    other.finish()
    #expect(
      rendered(other.diagnostics) == """
        a.yaml:1:7: error[S206]: `conv` takes a map of options, found a list
            1 | conv: [64]
              |       ^^^^
           help: write `{filters: …}`; `conv` knows `filters`
        """)
  }

  @Test func `inherited options yield to own ones and may be unknown`() {
    var options = reader(
      "conv: {stride: 1}", defaults: "defaults: {stride: 2, kernel: 5, other: 1}")
    #expect(options.has("kernel") && options.has("stride") && !options.has("filters"))
    #expect(options.integer("stride") == 1)
    #expect(options.integer("kernel") == 5)
    #expect(options.span(of: "kernel").start.column == 31)
    #expect(options.span(of: "filters") == options.span)
    options.finish()
    #expect(options.diagnostics == [])
  }

  @Test func `nested options are read by a reader of their own`() {
    var options = reader("adam: {rates: {beta1: 2, beta3: 0.9}}")
    var nested = options.nested("rates")!
    #expect(nested.subject == "rates")
    #expect(nested.span.start.column == 8)
    #expect(nested.number("beta1", default: 0.9, in: NumberRange(0..<1)) == 0.9)
    #expect(nested.number("beta2", default: 0.999) == 0.999)
    options.absorb(nested)
    options.finish()
    #expect(
      rendered(options.diagnostics) == """
        a.yaml:1:23: error[S209]: `beta1` must be at least 0 and below 1, found 2
            1 | adam: {rates: {beta1: 2, beta3: 0.9}}
              |                       ^
        a.yaml:1:26: error[S202]: `rates` has no option `beta3`
            1 | adam: {rates: {beta1: 2, beta3: 0.9}}
              |                          ^^^^^
           help: did you mean `beta1`?
        """)
  }

  @Test func `numbers outside of the range name what contributed`() {
    var options = reader("conv: {filters: size - width, rate: rate * 2}")
    #expect(options.integer("filters", in: 1...Int.max) == 1)
    #expect(options.number("rate", default: 0.5, in: NumberRange(0..<1)) == 0.5)
    #expect(
      rendered(options.diagnostics) == """
        a.yaml:1:17: error[S209]: `filters` must be at least 1, found -64
            1 | conv: {filters: size - width, rate: rate * 2}
              |                 ^^^^^^^^^^^^
              --> base.yaml:1
            1 | size: 64
              |       -- `size` is 64
              --> base.yaml:2
            2 | width: 128
              |        --- `width` is 128
        a.yaml:1:37: error[S209]: `rate` must be at least 0 and below 1, found 1.0
            1 | conv: {filters: size - width, rate: rate * 2}
              |                                     ^^^^^^^^
              --> base.yaml:3
            3 | rate: 0.5
              |       --- `rate` is 0.5
        """)
  }

  @Test(
    arguments: [
      (
        "{filters: 64 / 3}",
        """
        a.yaml:1:17: error[S208]: `filters` must be a whole number, found 21.333333333333332
            1 | conv: {filters: 64 / 3}
              |                 ^^^^^^
        """
      ),
      (
        "{filters: 64.0}",
        """
        a.yaml:1:17: error[S208]: `filters` must be a whole number, found 64.0
            1 | conv: {filters: 64.0}
              |                 ^^^^
           help: write `64`
        """
      ),
      (
        "{filters: }",
        """
        a.yaml:1:17: error[S207]: `filters` must be a number, found nothing
            1 | conv: {filters: }
              |                 ^
           help: write a number, or an expression with names from `let`
        """
      ),
      (
        "{filters: [64]}",
        """
        a.yaml:1:17: error[S207]: `filters` must be a number, found a list
            1 | conv: {filters: [64]}
              |                 ^^^^
           help: write a number, or an expression with names from `let`
        """
      ),
      (
        "{filters: widht}",
        """
        a.yaml:1:17: error[E306]: nothing defines `widht`
            1 | conv: {filters: widht}
              |                 ^^^^^
           help: did you mean `width`?
        """
      ),
    ])
  func `a whole number is nothing else`(options text: String, expected: String) {
    var options = reader("conv: \(text)")
    #expect(options.integer("filters") == 1)
    #expect(rendered(options.diagnostics) == expected)
  }

  @Test(
    arguments: [
      ("{kernel: {}}", "`kernel` must be a whole number or a list of 2 whole numbers, found a map"),
      ("{kernel: [1, 2, 3]}", "`kernel` takes 1 or 2 values, found 3"),
      ("{kernel: [1, 0]}", "`kernel` must be from 1 to 9, found 0"),
      ("{kernel: 10}", "`kernel` must be from 1 to 9, found 10"),
      ("{to: 4}", "`to` must be a list of 3 whole numbers, found `4`"),
      ("{to: [4]}", "`to` takes 3 values, found 1"),
      ("{betas: 0.5}", "`betas` must be a list of 2 numbers, found `0.5`"),
      ("{betas: [0.5]}", "`betas` takes 2 values, found 1"),
      ("{betas: [0.5, x]}", "nothing defines `x`"),
      ("{padding: [same]}", "`padding` must be `same` or `valid`, found a list"),
      ("{padding: ''}", "`padding` must be `same` or `valid`, found an empty text"),
      ("{name: }", "`name` must be text, found nothing"),
      ("{name: {a: b}}", "`name` must be text, found a map"),
      ("{bias: 1}", "`bias` must be `true` or `false`, found `1`"),
      ("{bias: []}", "`bias` must be `true` or `false`, found a list"),
    ])
  func `a wrong value is described`(options text: String, message: String) {
    var options = reader("conv: \(text)")
    _ = options.integers("kernel", counts: [1, 2], in: 1...9, required: false)
    _ = options.integers("to", counts: [3], in: 1...9, required: false)
    _ = options.numbers("betas", count: 2)
    _ = options.boolean("bias", default: true)
    _ = options.choice("padding", default: Padding.same)
    _ = options.text("name", default: "x")
    options.finish()
    #expect(options.diagnostics.map(\.message) == [message])
  }

  @Test func `an unknown choice gets the nearest known one`() {
    var options = reader("conv: {padding: Sane}")
    #expect(options.choice("padding", default: Padding.same) == .same)
    #expect(
      rendered(options.diagnostics) == """
        a.yaml:1:17: error[S205]: `padding` must be `same` or `valid`, found `Sane`
            1 | conv: {padding: Sane}
              |                 ^^^^
           help: did you mean `same`?
        """)
  }

  @Test(arguments: [
    ("yes", "true"), ("On", "true"), ("no", "false"), ("off", "false"), ("True", "true"),
  ])
  func `booleans of YAML 1_1 are refused with what to write`(written: String, meant: String) {
    var options = reader("conv: {bias: \(written)}")
    _ = options.boolean("bias")
    #expect(
      rendered(options.diagnostics) == """
        a.yaml:1:14: error[S203]: `bias` must be `true` or `false`, found `\(written)`
            1 | conv: {bias: \(written)}
              |              \(String(repeating: "^", count: written.count))
           help: write `\(meant)`: `\(written)` is ordinary text here
        """)
  }

  @Test func `the example of every code has that problem`() {
    for code in OptionCode.allCases {
      var options = reader("conv: \(code.entry.example)")
      _ = options.integer("filters", in: 1...Int.max)
      _ = options.integers("kernel", counts: [1, 2], in: 1...9, required: false)
      _ = options.integer("stride", default: 1)
      _ = options.boolean("bias", default: true)
      _ = options.choice("padding", default: Padding.same)
      options.finish()
      #expect(options.diagnostics.map(\.code).contains(code.code), "\(code)")
      #expect(!code.entry.title.isEmpty && !code.entry.explanation.isEmpty)
    }
  }
}
