import Diagnostics

/// What can be wrong with the options of one map.
///
/// The example is the map, read as the options of a `conv`. The codes from S220 on belong to what is decoded from the options.
public enum OptionCode: String, CodeTable {
  case missing = "S201"
  case unknownOption = "S202"
  case wrongType = "S203"
  case wrongCount = "S204"
  case unknownChoice = "S205"
  case unexpectedValue = "S206"
  case notANumber = "S207"
  case notWhole = "S208"
  case outOfRange = "S209"

  public var entry: CodeEntry {
    switch self {
    case .missing:
      CodeEntry(
        "a required option is missing",
        "Some options have no default because no single value suits most networks.",
        example: "{kernel: 5}")
    case .unknownOption:
      CodeEntry(
        "an unknown option",
        "An option that nothing reads is an error, so that a misspelling is never ignored. The message "
          + "suggests the nearest known name.",
        example: "{filters: 64, strid: 2}")
    case .wrongType:
      CodeEntry(
        "a value of the wrong type",
        "Each option takes one type of value: a number, text, a list, a map, `true` or `false`. "
          + "YAML 1.1's `yes`, `no`, `on` and `off` are ordinary text.",
        example: "{filters: 64, bias: yes}")
    case .wrongCount:
      CodeEntry(
        "a list of the wrong length",
        "A list stands for a fixed number of values, such as `[height, width]`.",
        example: "{filters: 64, kernel: [5, 5, 5]}")
    case .unknownChoice:
      CodeEntry(
        "an unknown choice",
        "The option takes one of a few names. The message suggests the nearest one.",
        example: "{filters: 64, padding: sam}")
    case .unexpectedValue:
      CodeEntry(
        "a value in place of a map of options",
        "Only layers with one obvious option, such as `leaky_relu: 0.2`, take a bare value.",
        example: "64")
    case .notANumber:
      CodeEntry(
        "a number is missing",
        "Write a number, or an expression with names from `let`.",
        example: "{filters: {count: 64}}")
    case .notWhole:
      CodeEntry(
        "a fraction in place of a whole number",
        "Whole numbers stay exact under + - * ^, under / without remainder, and under log2 of a power "
          + "of two. Everything else gives a fraction, which is never rounded silently.",
        example: "{filters: 64 / 3}")
    case .outOfRange:
      CodeEntry(
        "a number out of range",
        "The message gives the allowed range; the labels show the values that contributed.",
        example: "{filters: 0}")
    }
  }
}
