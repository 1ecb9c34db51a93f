import Diagnostics

/// What can be wrong with an expression.
///
/// The example is the expression, without names in scope.
public enum ExpressionCode: String, CodeTable {
  case unexpectedCharacter = "E301"
  case malformedNumber = "E302"
  case expectedValue = "E303"
  case expectedOperator = "E304"
  case parentheses = "E305"
  case unknownName = "E306"
  case notAFunction = "E307"
  case arguments = "E308"
  case tooLong = "E309"
  case tooDeep = "E310"
  case overflow = "E311"
  case divisionByZero = "E312"
  case logarithm = "E313"
  case notFinite = "E314"

  public var entry: CodeEntry {
    switch self {
    case .unexpectedCharacter:
      CodeEntry(
        "an invalid character in an expression",
        "Expressions have the operators + - * / ^ ( ), the functions log2, min and max, names and numbers.",
        example: "64 % 3")
    case .malformedNumber:
      CodeEntry(
        "an unsupported number notation",
        "Numbers are decimal: 64, 0.5, .5, 2e-4. Leading zeros, hexadecimal, digits grouped by _ "
          + "and base 60 mean different things to different readers, and are refused.",
        example: "010")
    case .expectedValue:
      CodeEntry(
        "a missing value", "The expression needs a number, a name or a parenthesis here.",
        example: "2 * ")
    case .expectedOperator:
      CodeEntry(
        "a missing operator",
        "Two values are next to each other; write a product with *.", example: "2 (3)")
    case .parentheses:
      CodeEntry(
        "an unmatched parenthesis",
        "Inside { } and [ ] a comma ends the value: quote an expression that contains one.",
        example: "2 * (3 + 4")
    case .unknownName:
      CodeEntry(
        "an undefined name",
        "Names come from `let`, and from the `for` of the enclosing `repeat`.", example: "witdh")
    case .notAFunction:
      CodeEntry(
        "an unknown function", "The functions are log2, min and max; there are no others.",
        example: "sqrt(2)")
    case .arguments:
      CodeEntry(
        "a function with the wrong arguments",
        "log2 takes one argument in parentheses, min and max one or more.",
        example: "log2(8, 2)")
    case .tooLong:
      CodeEntry(
        "an expression that is too long",
        "Name parts of it in `let`.",
        example: String(repeating: "1 + ", count: 300) + "1")
    case .tooDeep:
      CodeEntry(
        "an expression that is nested too deeply",
        "Name parts of it in `let`.",
        example: String(repeating: "-", count: 100) + "1")
    case .overflow:
      CodeEntry(
        "a whole number that does not fit into 64 bits",
        "Whole numbers are exact; one that does not fit is an error, never rounded.",
        example: "2^64")
    case .divisionByZero:
      CodeEntry("a division by zero", "The divisor is 0.", example: "1 / (2 - 2)")
    case .logarithm:
      CodeEntry(
        "the logarithm of a number that is not positive",
        "log2 is defined for numbers above 0.", example: "log2(0)")
    case .notFinite:
      CodeEntry(
        "a result that is not a finite number",
        "It is too large for a double, or undefined, like the root of a negative number.",
        example: "(-2)^0.5")
    }
  }
}
