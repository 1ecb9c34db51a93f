import Diagnostics
import Document

/// Reads the typed options of one map of a spec.
///
/// Each read asks for a key by type and range. A problem is recorded at its position and a usable
/// value returned, so that decoding continues and all problems are found in one run. `finish()`
/// reports the keys that nothing asked for, with the nearest known one. A user of a reader needs
/// no code for unknown keys, wrong types or "did you mean".
public struct OptionReader {
  /// What the options belong to, as in "`conv` has no option `strid`".
  public let subject: String
  /// Where to point when an option is missing: the key whose value the map is.
  public let span: SourceSpan
  public let scope: Scope
  public var diagnostics: [Diagnostic] = []

  private let entries: [Node.Mapping.Entry]
  /// The map itself, where there is one.
  private let mapping: Node.Mapping?
  /// What was said of required options that are not there.
  private var missing: [String: Diagnostic] = [:]
  /// What stands instead of a map in `leaky_relu: 0.2`.
  private let bareValue: Node?
  /// Options that hold for several maps at once, such as a network's `defaults`; those that this
  /// map does not know are ignored.
  private let inherited: [Node.Mapping.Entry]
  /// The options that were asked for so far.
  public private(set) var knownKeys: [String] = []
  /// The same with their values, evaluated, for those that are written or have a default.
  public private(set) var readOptions: [ReadOption] = []
  /// Where the values of the written ones came from.
  public private(set) var origins: ValueOrigins
  private var bareValueWasRead = false
  /// What the options take, noted where they are read from nothing; else nil.
  public internal(set) var forms: [OptionForm]?
  /// What is to be noted of the maps below once they have been read.
  var nestedNotes: [String: (isRequired: Bool, help: String)] = [:]

  /// Reads `node`, the value of the key at `span`; nil and an empty scalar have no options.
  public init(
    _ node: Node?, subject: String, span: SourceSpan, scope: Scope = Scope(),
    inherited: Node.Mapping? = nil
  ) {
    self.subject = subject
    self.span = span
    self.scope = scope
    origins = ValueOrigins(scope: scope)
    self.inherited = inherited?.entries ?? []
    mapping = node?.mapping
    switch node {
    case .mapping(let mapping): (entries, bareValue) = (mapping.entries, nil)
    case .scalar(let scalar) where scalar.text.isEmpty && !scalar.isQuoted:
      (entries, bareValue) = ([], nil)
    case .scalar, .sequence: (entries, bareValue) = ([], node)
    case nil: (entries, bareValue) = ([], nil)
    }
  }

  // MARK: Reading

  /// The value of `key` as it stands, or nil.
  ///
  /// `bare` says that a value instead of the whole map is meant for this key; `form` what the
  /// caller takes.
  public mutating func node(
    _ key: String, bare: Bool = false, takes form: @autoclosure () -> ValueForm = .anything,
    default fallback: String? = nil, isRequired: Bool = false, help: String = ""
  ) -> Node? {
    note(
      OptionForm(
        key: key, value: form(), fallback: fallback, isRequired: isRequired, isBare: bare,
        help: help))
    if !knownKeys.contains(key) { knownKeys.append(key) }
    guard let value = value(of: key, bare: bare) else {
      if let fallback { record(key, fallback) }
      return nil
    }
    origins.record(key, value)
    if let text = value.node.evaluatedText(in: scope) { record(key, text) }
    return value.node
  }

  private mutating func value(of key: String, bare: Bool) -> ValueOrigin? {
    if let entry = entries.first(where: { $0.key.text == key }) {
      return ValueOrigin(node: entry.value)
    }
    if bare, let bareValue {
      bareValueWasRead = true
      return ValueOrigin(node: bareValue)
    }
    return inherited.first { $0.key.text == key }
      .map { ValueOrigin(node: $0.value, isInherited: true) }
  }

  /// Notes that the value of `key` is a word, not a number, even where `let` defines the same name.
  package mutating func note(word: Node.Scalar, of key: String) {
    record(key, word.text.yamlText)
  }

  private mutating func record(_ key: String, _ text: String) {
    let option = ReadOption(key: key, text: text)
    if let index = readOptions.firstIndex(where: { $0.key == key }) {
      readOptions[index] = option
    } else {
      readOptions.append(option)
    }
  }

  /// Whether `key` is written, in the map itself or among the inherited options.
  public func has(_ key: String) -> Bool {
    (entries + inherited).contains { $0.key.text == key }
  }

  /// What stands under `key` in the map itself; reading it counts for nothing.
  public func written(_ key: String) -> Node? { entries.first { $0.key.text == key }?.value }

  /// Whether a map is written under `key`.
  public func holdsMap(_ key: String) -> Bool {
    guard case .mapping = entries.first(where: { $0.key.text == key })?.value else { return false }
    return true
  }

  /// Where the value of `key` stands; the map's own position where it is not written.
  public func span(of key: String) -> SourceSpan {
    (entries + inherited).first { $0.key.text == key }?.value.span ?? bareValue?.span ?? span
  }

  /// A whole number, which may be an expression; required without a default.
  public mutating func integer(
    _ key: String, default fallback: Int? = nil, in range: ClosedRange<Int> = Int.min...Int.max,
    bare: Bool = false, help: String = ""
  ) -> Int {
    let text = fallback.map { Number.integer($0).yamlText }
    note(key, .integer(range), text, bare, help)
    guard
      let node = requiredNode(key, bare: bare, fallback: text)
    else {
      return fallback ?? range.clamp(1)
    }
    if case .sequence(let list) = node, list.items.count == 2 {
      report(.listOfOne(key: key, found: list, expected: "one number"))
      return fallback ?? range.clamp(1)
    }
    return integer(node, describedAs: "`\(key)`", in: range) ?? fallback ?? range.clamp(1)
  }

  /// One whole number or a list of `counts` many, each in `range`; nil after a problem or where
  /// the option is absent and not `required`.
  public mutating func integers(
    _ key: String, counts: Set<Int>, in range: ClosedRange<Int>, required: Bool = true,
    bare: Bool = false, help: String = ""
  ) -> [Int]? {
    note(
      OptionForm(
        key: key, value: .list(of: .integer(range), counts: counts), isRequired: required,
        isBare: bare, help: help))
    guard let node = requiredNode(key, bare: bare, isOptional: !required) else { return nil }
    guard case .sequence(let sequence) = node else {
      if case .scalar(let scalar) = node, let size = SizeNotation(scalar.text),
        counts.contains(2)
      {
        report(.sizeNotation(name: "`\(key)`", found: scalar, list: size.list))
        return nil
      }
      if counts.contains(1), case .scalar = node {
        return integer(node, describedAs: "`\(key)`", in: range).map { [$0] }
      }
      let single = counts.contains(1) ? "a whole number or " : ""
      let list = "a list of \(counts.subtracting([1]).list) whole numbers"
      report(.wrongType(key: key, expected: single + list, found: node))
      return nil
    }
    guard counts.contains(sequence.items.count) else {
      report(.wrongCount(key: key, expected: counts.list, found: sequence))
      return nil
    }
    let values = sequence.items.map { integer($0, describedAs: "`\(key)`", in: range) }
    return values.contains(nil) ? nil : values.compactMap(\.self)
  }

  /// A number, which may be an expression; required without a default.
  public mutating func number(
    _ key: String, default fallback: Double? = nil, in range: NumberRange = .any,
    bare: Bool = false, help: String = ""
  ) -> Double {
    note(key, .number(range), fallback?.yamlText, bare, help)
    guard let node = requiredNode(key, bare: bare, fallback: fallback?.yamlText) else {
      return fallback ?? range.example
    }
    return number(node, describedAs: "`\(key)`", in: range) ?? fallback ?? range.example
  }

  /// A list of `count` numbers; nil after a problem or where it is absent.
  public mutating func numbers(
    _ key: String, count: Int, in range: NumberRange = .any, bare: Bool = false, help: String = ""
  ) -> [Double]? {
    let form = ValueForm.list(of: .number(range), counts: [count])
    guard let node = node(key, bare: bare, takes: form, help: help) else { return nil }
    guard case .sequence(let sequence) = node else {
      report(.wrongType(key: key, expected: "a list of \(count) numbers", found: node))
      return nil
    }
    guard sequence.items.count == count else {
      report(.wrongCount(key: key, expected: "\(count)", found: sequence))
      return nil
    }
    let values = sequence.items.map { number($0, describedAs: "`\(key)`", in: range) }
    return values.contains(nil) ? nil : values.compactMap(\.self)
  }

  /// `true` or `false`; YAML 1.1's `yes`, `no`, `on` and `off` are refused.
  public mutating func boolean(
    _ key: String, default fallback: Bool? = nil, bare: Bool = false, help: String = ""
  ) -> Bool {
    note(key, .boolean, fallback.map { "\($0)" }, bare, help)
    guard let node = requiredNode(key, bare: bare, fallback: fallback.map { "\($0)" }) else {
      return fallback ?? false
    }
    switch node {
    case .scalar(let scalar) where scalar.text == "true": return true
    case .scalar(let scalar) where scalar.text == "false": return false
    case .scalar, .sequence, .mapping:
      report(.notBoolean(key: key, found: node))
      return fallback ?? false
    }
  }

  /// One of an enum's names; required without a default.
  public mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, default fallback: Choice? = nil, bare: Bool = false, help: String = ""
  ) -> Choice? {
    note(key, .choice(Choice.allNames), fallback?.rawValue, bare, help)
    guard let node = requiredNode(key, bare: bare, fallback: fallback?.rawValue.yamlText) else {
      return fallback
    }
    guard case .scalar(let scalar) = node else {
      report(.wrongType(key: key, expected: Choice.allNames.choiceList, found: node))
      return fallback
    }
    if let choice = Choice(rawValue: scalar.text) {
      note(word: scalar, of: key)
      return choice
    }
    report(.unknownChoice(key: key, found: scalar, known: Choice.allNames))
    return fallback
  }

  /// Whether `key` is absent or one of an enum's names.
  public func readsChoice<Choice: RawRepresentable<String>>(
    _ key: String, of type: Choice.Type
  ) -> Bool {
    guard let node = written(key) else { return true }
    if case .scalar(let scalar) = node { return Choice(rawValue: scalar.text) != nil }
    return false
  }

  /// Text as it stands; required without a default.
  public mutating func text(
    _ key: String, default fallback: String? = nil, bare: Bool = false, help: String = ""
  ) -> String {
    note(key, .text, fallback, bare, help)
    guard let node = requiredNode(key, bare: bare, fallback: fallback?.yamlText) else {
      return fallback ?? ""
    }
    guard case .scalar(let scalar) = node, !(scalar.text.isEmpty && !scalar.isQuoted) else {
      report(.wrongType(key: key, expected: "text", found: node))
      return fallback ?? ""
    }
    record(key, scalar.text.yamlText)
    return scalar.text
  }

  /// Text as it stands, or nil where it is absent.
  public mutating func optionalText(_ key: String, help: String = "") -> String? {
    guard node(key, takes: .text, help: help) != nil else { return nil }
    return text(key)
  }

  /// One of an enum's names, or nil where it is absent or after a problem.
  public mutating func optionalChoice<Choice: CaseIterable & RawRepresentable<String>>(
    _ key: String, of type: Choice.Type, help: String = ""
  ) -> Choice? {
    guard node(key, takes: .choice(Choice.allNames), help: help) != nil else { return nil }
    return choice(key)
  }

  /// A whole number, or nil where it is absent or after a problem.
  public mutating func optionalInteger(
    _ key: String, in range: ClosedRange<Int>, help: String = ""
  ) -> Int? {
    node(key, takes: .integer(range), help: help)
      .flatMap { integer($0, describedAs: "`\(key)`", in: range) }
  }

  /// A reader for the map under `key`, or nil where it is absent.
  ///
  /// Its diagnostics must be taken over with `absorb`.
  public mutating func nested(
    _ key: String, required: Bool = false, help: String = ""
  ) -> OptionReader? {
    if isRecording {
      nestedNotes[key] = (required, help)
      return OptionReader(recording: key)
    }
    guard let node = requiredNode(key, bare: false, isOptional: !required) else { return nil }
    let keySpan = entries.first { $0.key.text == key }?.key.span ?? span
    return OptionReader(node, subject: key, span: keySpan, scope: scope)
  }

  /// The same with all options absent where the map is.
  public mutating func section(_ key: String, help: String = "") -> OptionReader {
    nested(key, help: help) ?? OptionReader(nil, subject: key, span: span, scope: scope)
  }

  /// Finishes the reader of what stands under `key`, its subject unless told otherwise, and takes
  /// over what it found.
  public mutating func absorb(_ reader: OptionReader, under key: String? = nil) {
    var reader = reader
    reader.finish()
    diagnostics += reader.diagnostics
    origins.record(key ?? reader.subject, below: reader.origins)
    takeForms(of: reader)
  }

  /// Reports the options that nothing asked for.
  public mutating func finish() {
    if let bareValue, !bareValueWasRead {
      report(.unexpectedValue(subject: subject, found: bareValue, known: knownKeys))
    }
    let unknown = entries.filter { !knownKeys.contains($0.key.text) }
    for entry in unknown.prefix(Self.mostUnknown) {
      if let (name, problem) = Diagnostic.keyWithoutColon(entry.key, known: knownKeys) {
        if let other = missing.removeValue(forKey: name) { diagnostics.removeAll { $0 == other } }
        report(problem)
        continue
      }
      if let problem = Diagnostic.pairOfBetas(entry, subject: subject, known: knownKeys) {
        report(problem)
        continue
      }
      if let problem = Diagnostic.weightsAsFlag(
        entry, OptionCode.unknownOption,
        "`\(subject)` has no option \(entry.key.text.quotedExcerpt)", known: knownKeys,
        removal: removal(of: entry.key.text))
      {
        report(problem)
        continue
      }
      if subject.hasSuffix("_norm"), OtherNames.isChannelCount(entry.key.text) {
        report(
          .uselessChannelCount(entry.key, of: subject, removal: removal(of: entry.key.text)))
        continue
      }
      // A misspelled key is one mistake, not an unknown and a missing one.
      if let meant = OtherNames.guess(of: entry.key.text, among: knownKeys),
        let other = missing.removeValue(forKey: meant.name)
      {
        diagnostics.removeAll { $0 == other }
      }
      report(
        .unknownOption(
          subject: subject, found: entry.key, value: entry.value, known: knownKeys))
    }
    if unknown.count > Self.mostUnknown {
      report(.moreUnknownOptions(subject: subject, unknown.dropFirst(Self.mostUnknown)))
    }
    summarizeMissing()
  }

  /// Makes one report of all required options that are missing.
  private mutating func summarizeMissing() {
    let keys = knownKeys.filter { missing[$0]?.code == OptionCode.missing.code }
    guard keys.count > 1 else { return }
    let reports = Set(keys.compactMap { missing[$0] })
    diagnostics.removeAll { reports.contains($0) }
    report(.missing(keys: keys, subject: subject, at: span))
  }

  /// So many unknown options are reported one by one.
  private static let mostUnknown = 50

  /// Takes `key` with its value out of the file; nil where that would touch something else.
  package func removal(of key: String) -> Repair.Edit? { mapping?.removal(of: key) }

  /// Writes `key` with a value into the map; nil where that would touch something else.
  package func insertion(of key: String, _ value: String) -> Repair.Edit? {
    mapping?.insertion(of: key, value)
  }

  public mutating func report(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }

  /// Reports that the option `key` is missing; taken back where it turns out to be misspelled.
  package mutating func report(_ diagnostic: Diagnostic, insteadOf key: String) {
    missing[key] = diagnostic
    report(diagnostic)
  }

  mutating func evaluate(_ node: Node, describedAs name: String) -> Number? {
    guard case .scalar(let scalar) = node, !(scalar.text.isEmpty && !scalar.isQuoted) else {
      report(.notANumber(name: name, found: node))
      return nil
    }
    switch Expression.evaluate(scalar, in: scope) {
    case .success(let number): return number
    case .failure(let problem):
      report(problem.diagnostic)
      return nil
    }
  }

  func contributions(to node: Node) -> [Diagnostic.Label] {
    guard case .scalar(let scalar) = node else { return [] }
    return Expression.contributions(to: scalar, in: scope)
  }

  /// An option without a default is required.
  private mutating func note(
    _ key: String, _ form: @autoclosure () -> ValueForm, _ fallback: String?, _ bare: Bool,
    _ help: String
  ) {
    note(
      OptionForm(
        key: key, value: form(), fallback: fallback, isRequired: fallback == nil, isBare: bare,
        help: help))
  }

  /// `fallback` is the default as a spec would write it.
  private mutating func requiredNode(_ key: String, bare: Bool, fallback: String?) -> Node? {
    let node = requiredNode(key, bare: bare, isOptional: fallback != nil)
    if node == nil, let fallback { record(key, fallback) }
    return node
  }

  private mutating func requiredNode(_ key: String, bare: Bool, isOptional: Bool) -> Node? {
    let node = node(key, bare: bare)
    // A value instead of the whole map is what is wrong, not each option that it lacks.
    let isMap = bareValue == nil || bareValueWasRead
    if node == nil, !isOptional, isMap {
      report(.missing(key: key, subject: subject, at: span), insteadOf: key)
    }
    return node
  }
}
