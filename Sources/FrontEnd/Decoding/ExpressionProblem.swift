import Diagnostics
import Document

/// Why an expression has no value.
public struct ExpressionProblem: Error, Hashable, Sendable {
  public let diagnostic: Diagnostic

  private init(
    _ code: ExpressionCode, _ message: String, at span: SourceSpan,
    secondary: [Diagnostic.Label] = [], notes: [String] = [], help: [String] = [],
    repairs: [Repair] = []
  ) {
    diagnostic = Diagnostic(
      code, message, at: span, secondary: secondary, notes: notes, help: help, repairs: repairs)
  }
}

/// The wording of everything that can be wrong with an expression.
extension ExpressionProblem {
  static func unexpectedCharacter(_ character: Unicode.Scalar, at span: SourceSpan) -> Self {
    if let help = foreignMeaning[character] {
      return Self(
        .unexpectedCharacter, "`\(character)` is not valid in an expression", at: span,
        help: [help])
    }
    let meaning = likelyMeaning[character]
    return Self(
      .unexpectedCharacter, "`\(character)` is not valid in an expression", at: span,
      help: meaning == nil ? ["the operators are + - * / ^ ( )"] : [],
      repairs: meaning.map { [Repair("write `\($0)`", .safe, span, $0)] } ?? [])
  }

  static func malformedNumber(_ text: String, at span: SourceSpan) -> Self {
    let proposal = NumberNotation.repair(of: text)
    return Self(
      .malformedNumber, "\(text.quotedExcerpt) is not a decimal number", at: span,
      notes: proposal.reason.isEmpty ? [] : [proposal.reason],
      help: proposal.replacement == nil ? [proposal.words] : [],
      repairs: proposal.replacement.map {
        [Repair(proposal.words, proposal.isSure ? .safe : .unsafe, span, $0)]
      } ?? [])
  }

  static func empty(at span: SourceSpan) -> Self {
    Self(.expectedValue, "expected a number, found an empty text", at: span)
  }

  static func expectedValue(after text: String, at span: SourceSpan) -> Self {
    Self(
      .expectedValue, "expected a value after `\(text)`, found the end", at: span,
      help: ["write a number or a name after it, or remove it"])
  }

  static func expectedValue(before text: String, at span: SourceSpan) -> Self {
    Self(
      .expectedValue, "expected a value, found `\(text)`", at: span,
      help: text == "*" ? ["powers are written `^`, products `*`"] : [])
  }

  static func expectedOperator(before text: String, at span: SourceSpan) -> Self {
    Self(
      .expectedOperator, "expected an operator such as `+` or `*`, found \(text.quotedExcerpt)",
      at: span,
      help: [
        text == ","
          ? "a comma only separates the arguments of `min` and `max`"
          : "write a product with `*`"
      ])
  }

  static func unclosed(isQuoted: Bool, at span: SourceSpan) -> Self {
    Self(
      .parentheses, "this `(` is never closed", at: span,
      help: isQuoted
        ? ["add the `)`"]
        : ["add the `)`; inside { } and [ ], quote an expression that contains a comma"])
  }

  static func unopened(at span: SourceSpan) -> Self {
    Self(.parentheses, "this `)` closes nothing", at: span)
  }

  static func unknownName(_ name: String, in scope: Scope, at span: SourceSpan) -> Self {
    let names = scope.variables.keys.filter { Expression.isName($0) }.sorted()
    let help: String
    if let help = otherMeaning(of: name) {
      return Self(.unknownName, "nothing defines \(name.quotedExcerpt)", at: span, help: [help])
    }
    if let guess = names.guess(of: name) {
      return Self(
        .unknownName, "nothing defines \(name.quotedExcerpt)", at: span,
        repairs: guess.repair(at: span).map { [$0] } ?? [])
    } else if names.isEmpty {
      help = "write a number, or define `\(name)` in `let`"
    } else {
      help = "defined here: \(names.nameList)"
    }
    return Self(
      .unknownName, "nothing defines \(name.quotedExcerpt)", at: span, help: [help])
  }

  /// What a word that is no name of a number means to YAML readers; nil for all others.
  private static func otherMeaning(of name: String) -> String? {
    if let value = YAMLBoolean.value(of: name) {
      return "some YAML readers take `\(name)` for the boolean \(value), but a number belongs here"
    }
    switch name.lowercased() {
    case "null", "nil", "none":
      return "to leave an option out, leave out its whole entry"
    case "nan", "inf", "infinity": return "only finite numbers are allowed"
    default: return nil
    }
  }

  static func unknownFunction(_ name: String, in scope: Scope, at span: SourceSpan) -> Self {
    if scope.variables[name] != nil {
      return Self(
        .notAFunction, "`\(name)` is a number, not a function", at: span,
        help: ["write a product with `*`: `\(name) * (…)`"])
    }
    let functions = Expression.functionNames
    let guess = functions.guess(of: name)
    return Self(
      .notAFunction, "there is no function \(name.quotedExcerpt)", at: span,
      help: guess == nil ? ["the functions are \(functions.nameList)"] : [],
      repairs: guess?.repair(at: span).map { [$0] } ?? [])
  }

  static func functionWithoutArguments(_ name: String, at span: SourceSpan) -> Self {
    Self(
      .arguments, "`\(name)` is a function", at: span, help: ["write `\(name)(…)`"])
  }

  static func oneArgument(_ name: String, found: Int, at span: SourceSpan) -> Self {
    Self(.arguments, "`\(name)` takes one argument, found \(found)", at: span)
  }

  static func tooLong(_ scalar: Node.Scalar, count: Int) -> Self {
    Self(
      .tooLong, "an expression may have \(Expression.longestText) characters, found \(count)",
      at: scalar.span, help: ["name parts of it in `let`"])
  }

  static func tooDeep(at span: SourceSpan) -> Self {
    Self(
      .tooDeep, "an expression may be nested \(Expression.deepestNesting) deep", at: span,
      help: ["name parts of it in `let`"])
  }

  static func literalOverflow(_ text: String, at span: SourceSpan) -> Self {
    Self(.overflow, "\(text.quotedExcerpt) does not fit into 64 bits", at: span)
  }

  static func literalNotFinite(_ text: String, at span: SourceSpan) -> Self {
    Self(.notFinite, "\(text.quotedExcerpt) is too large for a double", at: span)
  }

  /// `words` is the operation with its values: "9 / 0".
  static func arithmetic(
    _ problem: ArithmeticProblem, words: String, at span: SourceSpan,
    contributions: [Diagnostic.Label]
  ) -> Self {
    switch problem {
    case .overflow:
      Self(
        .overflow, "`\(words)` does not fit into 64 bits", at: span, secondary: contributions)
    case .divisionByZero:
      Self(.divisionByZero, "`\(words)` divides by zero", at: span, secondary: contributions)
    case .logarithm:
      Self(
        .logarithm, "`\(words)` is not defined: log2 needs a number above 0", at: span,
        secondary: contributions)
    case .notFinite:
      Self(.notFinite, "`\(words)` is not a finite number", at: span, secondary: contributions)
    }
  }
}

/// Signs that mean something elsewhere in YAML or in other languages.
private let foreignMeaning: [Unicode.Scalar: String] = [
  "#": "a comment needs a space before its `#`",
  "~": "`~` is nothing for some YAML readers: write a number, or leave the whole entry out",
  "%": "write parts of a whole as `0.5`",
]

/// Signs of print and of other languages.
private let likelyMeaning: [Unicode.Scalar: String] = [
  "×": "*", "·": "*", "⋅": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-", "—": "-",
  "²": "^2", "³": "^3",
]
