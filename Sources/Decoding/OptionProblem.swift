import Diagnostics
import Document

/// The wording of everything that can be wrong with an option.
extension Diagnostic {
  /// `span` is the key whose value lacks the option.
  package static func missing(key: String, subject: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      OptionCode.missing, "`\(subject)` needs the option `\(key)`", at: span,
      help: ["write `\(key): …` among the options of `\(subject)`"])
  }

  package static func unknownOption(
    subject: String, found key: Node.Scalar, known: [String]
  ) -> Diagnostic {
    Diagnostic(
      OptionCode.unknownOption, "`\(subject)` has no option \(key.text.quotedExcerpt)",
      at: key.span, help: [suggestion(for: key.text, subject: subject, known: known)])
  }

  /// In place of one report for each.
  static func moreUnknownOptions(
    subject: String, _ entries: ArraySlice<Node.Mapping.Entry>
  ) -> Diagnostic {
    let first = entries[entries.startIndex].key
    return Diagnostic(
      OptionCode.unknownOption, "`\(subject)` has none of these \(entries.count) options either",
      at: first.span, label: "from here on")
  }

  package static func wrongType(key: String, expected: String, found: Node) -> Diagnostic {
    Diagnostic(
      OptionCode.wrongType, "`\(key)` must be \(expected), found \(found.words)", at: found.span)
  }

  package static func notBoolean(key: String, found: Node) -> Diagnostic {
    var help: [String] = []
    if case .scalar(let scalar) = found, let value = booleansOfYAML11[scalar.text.lowercased()] {
      help = ["write `\(value)`: \(scalar.text.quotedExcerpt) is ordinary text here"]
    }
    return Diagnostic(
      OptionCode.wrongType, "`\(key)` must be `true` or `false`, found \(found.words)",
      at: found.span, help: help)
  }

  /// `expected` counts the values: "2", or "1 or 2".
  package static func wrongCount(
    key: String, expected: String, found: Node.Sequence
  ) -> Diagnostic {
    Diagnostic(
      OptionCode.wrongCount,
      "`\(key)` takes \(expected) \(expected == "1" ? "value" : "values"), "
        + "found \(found.items.count)", at: found.span)
  }

  package static func unknownChoice(
    key: String, found: Node.Scalar, known: [String]
  ) -> Diagnostic {
    Diagnostic(
      OptionCode.unknownChoice,
      "`\(key)` must be \(known.choiceList), found \(Node.scalar(found).words)", at: found.span,
      help: known.nearest(to: found.text).map { ["did you mean `\($0)`?"] } ?? [])
  }

  /// A bare value, or a list, where a map of options belongs.
  package static func unexpectedValue(
    subject: String, found: Node, known: [String]
  ) -> Diagnostic {
    known.isEmpty
      ? Diagnostic(
        OptionCode.unexpectedValue, "`\(subject)` takes no options, found \(found.words)",
        at: found.span)
      : Diagnostic(
        OptionCode.unexpectedValue,
        "`\(subject)` takes a map of options, found \(found.words)", at: found.span,
        help: ["write `{\(known[0]): …}`; `\(subject)` knows \(known.nameList)"])
  }

  /// `name` is the option in backquotes, or other words for the value; so in all that follow.
  package static func notANumber(name: String, found: Node) -> Diagnostic {
    Diagnostic(
      OptionCode.notANumber, "\(name) must be a number, found \(found.words)", at: found.span)
  }

  /// `contributions` label what the number was computed from; so in `outOfRange`.
  package static func notWhole(
    name: String, found: Number, at span: SourceSpan, contributions: [Label] = []
  ) -> Diagnostic {
    let isWhole = found.double == found.double.rounded()
    return Diagnostic(
      OptionCode.notWhole, "\(name) must be a whole number, found \(found)", at: span,
      secondary: contributions,
      help: isWhole
        ? ["decimal points and exponents make fractions: write a whole number without them"] : [])
  }

  package static func outOfRange(
    name: String, found: Number, expected: String, at span: SourceSpan, contributions: [Label] = []
  ) -> Diagnostic {
    Diagnostic(
      OptionCode.outOfRange, "\(name) must be \(expected), found \(found)", at: span,
      secondary: contributions)
  }

  private static func suggestion(for key: String, subject: String, known: [String]) -> String {
    if known.isEmpty { return "`\(subject)` has no options" }
    if let near = known.nearest(to: key) { return "did you mean `\(near)`?" }
    return "`\(subject)` knows \(known.nameList)"
  }
}

/// What YAML 1.1 takes for booleans besides `true` and `false`, and what is meant.
private let booleansOfYAML11 = [
  "yes": "true", "on": "true", "y": "true", "true": "true",
  "no": "false", "off": "false", "n": "false", "false": "false",
]

extension Node {
  /// As in "found `same`" or "found a list".
  package var words: String {
    switch self {
    case .scalar(let scalar) where !scalar.text.isEmpty: scalar.text.quotedExcerpt
    case .scalar(let scalar) where scalar.isQuoted: "an empty text"
    case .scalar, .sequence, .mapping: kindName
    }
  }
}
