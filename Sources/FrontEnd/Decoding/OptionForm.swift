/// What an option takes, as the code that reads it asks for it.
///
/// Forms are noted while options are read from nothing (`OptionReader(recording:)`). The JSON
/// schema is made from them, so that it cannot say anything else than the decoder does.
public struct OptionForm: Hashable, Sendable {
  public let key: String
  public let value: ValueForm
  /// The default as a spec would write it; nil where there is none.
  public let fallback: String?
  public let isRequired: Bool
  /// Whether the value may stand instead of the whole map, as in `leaky_relu: 0.2`.
  public let isBare: Bool
  /// One clause for people, or empty.
  public let help: String

  public init(
    key: String, value: ValueForm, fallback: String? = nil, isRequired: Bool = false,
    isBare: Bool = false, help: String = ""
  ) {
    self.key = key
    self.value = value
    self.fallback = fallback
    self.isRequired = isRequired
    self.isBare = isBare
    self.help = help
  }
}

/// What a value looks like; numbers may be expressions everywhere.
public indirect enum ValueForm: Hashable, Sendable {
  case integer(ClosedRange<Int>)
  case number(NumberRange)
  case boolean
  /// One of the names.
  case choice([String])
  case text
  /// A list with so many items of one form; any number where `counts` is empty.
  case list(of: ValueForm, counts: Set<Int>)
  /// A list with one item of each form.
  case tuple([ValueForm])
  case options([OptionForm])
  /// One of the names, alone or with options of its own.
  case named([NamedForm])
  /// A map with keys of the spec's own choice.
  case map(of: ValueForm)
  /// The list of a network's layers.
  case layers
  case anyOf([ValueForm])
  /// Not told: a gap that a test looks for.
  case anything
}

/// A name with options of its own, such as `adam` or `leaky_relu`.
public struct NamedForm: Hashable, Sendable {
  public let name: String
  /// A map of options, as a rule.
  public let value: ValueForm
  public let help: String

  public init(name: String, value: ValueForm, help: String = "") {
    self.name = name
    self.value = value
    self.help = help
  }

  /// Whether the name says all that must be said.
  public var standsAlone: Bool {
    switch value {
    case .options(let forms): !forms.contains(where: \.isRequired)
    case .integer, .number, .boolean, .choice, .text, .list, .tuple, .named, .map, .layers, .anyOf,
      .anything:
      true
    }
  }
}
