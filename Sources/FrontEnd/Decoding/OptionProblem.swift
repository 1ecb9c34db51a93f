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

  /// The same for several options.
  static func missing(keys: [String], subject: String, at span: SourceSpan) -> Diagnostic {
    Diagnostic(
      OptionCode.missing, "`\(subject)` needs the options \(keys.nameList)", at: span,
      help: [
        "write \(keys.map { "`\($0): …`" }.joined(separator: ", ")) among the options of `\(subject)`"
      ])
  }

  /// A key such as `filters = 64`, `filters:64` or `conv {filters`, which begins with a known name;
  /// nil for others.
  package static func keyWithoutColon(
    _ key: Node.Scalar, known: [String]
  ) -> (name: String, problem: Diagnostic)? {
    let text = Array(key.text.unicodeScalars)
    let name = text.prefix { $0.continuesName }
    let gap = text.dropFirst(name.count).prefix { " :=".unicodeScalars.contains($0) }
    let word = String(String.UnicodeScalarView(name))
    guard !key.isQuoted, !gap.isEmpty, gap.endIndex < text.count, known.contains(word) else {
      return nil
    }
    return (word, .missingColon(after: word, gap: key.span(of: gap.startIndex..<gap.endIndex)))
  }

  package static func unknownOption(
    subject: String, found key: Node.Scalar, value: Node? = nil, known: [String]
  ) -> Diagnostic {
    let owner = subject == "spec" ? "a spec" : "`\(subject)`"
    var guess = OtherNames.guess(of: key.text, among: known)
    if key.text == "betas", known.contains("beta1") {
      return Diagnostic(
        OptionCode.unknownOption, "`\(subject)` has no option `betas`", at: key.span,
        help: ["write `beta1: …, beta2: …`"])
    }
    if guess?.relation != .sameMeaning, var place = OtherNames.place(of: key.text, with: value) {
      guess = nil
      // An optimiser of one network.
      if known.contains("clip_weights"), place.hasPrefix("train: {optimizer: ") {
        place = "train: {\(subject): " + place.dropFirst("train: ".count) + "}"
      }
      return Diagnostic(
        OptionCode.unknownOption, "\(owner) has no option \(key.text.quotedExcerpt)",
        at: key.span, help: ["it belongs elsewhere: write `\(place)`"])
    }
    return Diagnostic(
      OptionCode.unknownOption, "\(owner) has no option \(key.text.quotedExcerpt)",
      at: key.span, help: guess?.help ?? [knownOptions(of: subject, known)],
      repairs: guess?.repair(at: key.span).map { [$0] } ?? [])
  }

  /// `num_features` of PyTorch's norms.
  static func uselessChannelCount(
    _ key: Node.Scalar, of subject: String, removal: Repair.Edit?
  ) -> Diagnostic {
    Diagnostic(
      OptionCode.unknownOption, "`\(subject)` has no option \(key.text.quotedExcerpt)",
      at: key.span, label: "channels follow from the layer before",
      repairs: removal.map { [Repair("remove `\(key.text)`", .safe, [$0])] } ?? [])
  }

  /// PyTorch's `betas: [0.5, 0.999]`; nil for all else.
  static func pairOfBetas(_ entry: Node.Mapping.Entry, subject: String, known: [String]) -> Self? {
    guard entry.key.text == "betas", known.contains("beta1"), known.contains("beta2"),
      case .sequence(let list) = entry.value, list.items.count == 2
    else { return nil }
    let (first, second) = (list.items[0].span.text, list.items[1].span.text)
    let key = entry.key.span
    let line = key.file.line(key.start.line).prefix(key.start.column - 1)
    let separator = line.allSatisfy { $0 == " " } ? "\n" + line : ", "
    return Diagnostic(
      OptionCode.unknownOption, "`\(subject)` has no option `betas`", at: key,
      repairs: [
        Repair(
          "write `beta1: \(first)` and `beta2: \(second)`", .safe,
          [
            Repair.Edit(key, "beta1"),
            Repair.Edit(entry.value.span, "\(first)\(separator)beta2: \(second)"),
          ])
      ])
  }

  /// `spectral_norm: true`, which is a value here; nil for all else.
  package static func weightsAsFlag(
    _ entry: Node.Mapping.Entry, _ code: some CodeTable,
    _ message: String, known: [String], removal: Repair.Edit?
  ) -> Self? {
    guard let value = OtherNames.weights(for: entry.key.text) else { return nil }
    let isHere = known.contains("weights")
    guard isHere || known.contains("defaults") else { return nil }
    let title = "write `\(isHere ? "weights: \(value)" : "defaults: {weights: \(value)}")`"
    var repair: Repair?
    if isHere, case .scalar(let scalar) = entry.value {
      switch YAMLBoolean.value(of: scalar.text) ?? scalar.text {
      case "true", "1":
        repair = Repair(
          title, .safe,
          [Repair.Edit(entry.key.span, "weights"), Repair.Edit(scalar.span, value)])
      case "false", "0":
        repair = removal.map { Repair("remove `\(entry.key.text)`", .safe, [$0]) }
      default: break
      }
    }
    return Diagnostic(
      code, message, at: entry.key.span, help: repair == nil ? [title] : [],
      repairs: repair.map { [$0] } ?? [])
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
    var repairs: [Repair] = []
    if case .scalar(let scalar) = found, let value = YAMLBoolean.value(of: scalar.text) {
      repairs = [boolean(value, for: scalar)]
    }
    return Diagnostic(
      OptionCode.wrongType, "`\(key)` must be `true` or `false`, found \(found.words)",
      at: found.span, repairs: repairs)
  }

  private static func boolean(_ value: String, for scalar: Node.Scalar) -> Repair {
    let title = "write `\(value)`: \(scalar.text.quotedExcerpt) is ordinary text here"
    return Repair(title, .safe, scalar.span, value)
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

  /// - Parameter takesOptions: whether a name may have options of its own.
  package static func unknownChoice(
    key: String, found: Node.Scalar, known: [String], takesOptions: Bool = false
  ) -> Diagnostic {
    var guess: NameGuess?
    let repair: Repair?
    if let value = YAMLBoolean.value(of: found.text), known.contains(value) {
      repair = boolean(value, for: found)
    } else if let value = CallNotation(found.text)?.replacement(among: known) {
      repair = Repair("write `\(value)`", .safe, found.span, value)
    } else {
      guess = OtherNames.guess(of: found.text, among: known)
      repair = guess?.repair(at: found.span)
    }
    var help = guess?.help ?? []
    if repair == nil, let name = found.text.split(separator: "(").first, found.text.contains("("),
      let meant = OtherNames.guess(of: String(name), among: known), meant.relation == .sameMeaning
    {
      help = [
        takesOptions
          ? "options stand in a map: `{\(meant.name): {…}}`" : "write `\(meant.name)`"
      ]
    } else if guess?.relation != .sameMeaning, repair?.safety != .safe,
      let phrase = OtherNames.phrase(for: found.text)
    {
      return Diagnostic(
        OptionCode.unknownChoice,
        "`\(key)` must be \(known.choiceList), found \(Node.scalar(found).words)", at: found.span,
        help: ["write \(phrase)"])
    } else if repair == nil, known.contains("folder"), found.text.contains("/") {
      help = ["images of your own: `{source: folder, path: …}`"]
    }
    return Diagnostic(
      OptionCode.unknownChoice,
      "`\(key)` must be \(known.choiceList), found \(Node.scalar(found).words)", at: found.span,
      help: help, repairs: repair.map { [$0] } ?? [])
  }

  /// A bare value, or a list, where a map of options belongs.
  package static func unexpectedValue(
    subject: String, found: Node, known: [String]
  ) -> Diagnostic {
    // PyTorch's norms are given their channels, which are known here.
    if case .scalar(let scalar) = found, subject.hasSuffix("_norm") || known.contains("epsilon"),
      Int(scalar.text) != nil
    {
      return Diagnostic(
        OptionCode.unexpectedValue,
        "`\(subject)` takes no number of channels, found \(found.words)",
        at: found.span, label: "channels follow from the layer before",
        repairs: subject.hasSuffix("_norm")
          ? [Repair("write `{}`: no options are needed", .safe, scalar.span, "{}")] : [])
    }
    let repair: Repair? =
      if case .scalar(let scalar) = found, let key = known.first,
        Double(scalar.text) != nil || ["source", "loss"].contains(key)
      {
        Repair(
          "write `{\(key): \(scalar.span.text)}`", .unsafe, scalar.span,
          "{\(key): \(scalar.span.text)}")
      } else {
        nil
      }
    return known.isEmpty
      ? Diagnostic(
        OptionCode.unexpectedValue, "`\(subject)` takes no options, found \(found.words)",
        at: found.span)
      : Diagnostic(
        OptionCode.unexpectedValue,
        "`\(subject)` takes a map of options, found \(found.words)", at: found.span,
        help: [
          (repair == nil ? "write `{\(known[0]): …}`; " : "") + knownOptions(of: subject, known)
        ],
        repairs: repair.map { [$0] } ?? [])
  }

  /// `name` is the option in backquotes, or other words for the value; so in all that follow.
  package static func notANumber(name: String, found: Node) -> Diagnostic {
    Diagnostic(
      OptionCode.notANumber, "\(name) must be a number, found \(found.words)", at: found.span,
      help: ["write a number, or an expression with names from `let`"])
  }

  /// `contributions` label what the number was computed from; so in `outOfRange`.
  package static func notWhole(
    name: String, found: Number, at span: SourceSpan, contributions: [Label] = []
  ) -> Diagnostic {
    let isWhole = found.double == found.double.rounded()
    let isLiteral = NumberNotation.isDecimal(span.text)
    let literal = isWhole && isLiteral ? Int(exactly: found.double) : nil
    return Diagnostic(
      OptionCode.notWhole, "\(name) must be a whole number, found \(found)", at: span,
      secondary: contributions,
      help: isWhole && literal == nil
        ? [
          "decimal points, exponents and negative powers make fractions: write whole numbers, and "
            + "`16 / 2^i` in place of `16 * 2^-i`"
        ] : [],
      repairs: literal.map { [Repair("write `\($0)`", .safe, span, "\($0)")] } ?? [])
  }

  /// `28x28` or `(28, 28)` where a list belongs.
  static func sizeNotation(name: String, found: Node.Scalar, list: String) -> Diagnostic {
    Diagnostic(
      OptionCode.notANumber, "\(name) is a number or a list, found \(found.text.quotedExcerpt)",
      at: found.span, repairs: [Repair("write `\(list)`", .safe, found.span, list)])
  }

  /// `[4, 4]` where one number stands for all sides.
  static func listOfOne(key: String, found: Node.Sequence, expected: String) -> Diagnostic {
    let values = Set(found.items.map(\.span.text))
    let single = values.count == 1 ? values.first : nil
    return Diagnostic(
      OptionCode.wrongType, "`\(key)` is \(expected) for both sides, found a list",
      at: found.span,
      help: single == nil ? ["height and width cannot differ here"] : [],
      repairs: single.map { [Repair("write `\($0)`", .safe, found.span, $0)] } ?? [])
  }

  package static func outOfRange(
    name: String, found: Number, expected: String, at span: SourceSpan, contributions: [Label] = []
  ) -> Diagnostic {
    Diagnostic(
      OptionCode.outOfRange, "\(name) must be \(expected), found \(found)", at: span,
      secondary: contributions)
  }

  private static func knownOptions(of subject: String, _ known: [String]) -> String {
    known.isEmpty ? "`\(subject)` has no options" : "`\(subject)` knows \(known.nameList)"
  }
}

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
