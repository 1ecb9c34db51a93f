import Diagnostics

/// A value of a YAML document and where it stands.
///
/// Scalars are plain text: what type they are is decided by where they are used, never by YAML's own
/// guess.
public indirect enum Node: Sendable {
  case scalar(Scalar)
  case sequence(Sequence)
  case mapping(Mapping)

  public struct Scalar: Sendable {
    public let text: String
    /// Whether it was written in quotes (or as a block), which makes it text for certain.
    public let isQuoted: Bool
    public let span: SourceSpan

    public init(text: String, isQuoted: Bool, span: SourceSpan) {
      self.text = text
      self.isQuoted = isQuoted
      self.span = span
    }
  }

  public struct Sequence: Sendable {
    public let items: [Node]
    public let span: SourceSpan

    public init(items: [Node], span: SourceSpan) {
      self.items = items
      self.span = span
    }
  }

  public struct Mapping: Sendable {
    /// In the order of the file; keys are unique.
    public let entries: [Entry]
    public let span: SourceSpan

    public init(entries: [Entry], span: SourceSpan) {
      self.entries = entries
      self.span = span
    }

    public subscript(key: String) -> Node? {
      entries.first { $0.key.text == key }?.value
    }

    public struct Entry: Sendable {
      public let key: Scalar
      public let value: Node

      public init(key: Scalar, value: Node) {
        self.key = key
        self.value = value
      }
    }
  }

  /// The map that it is, or nil.
  public var mapping: Mapping? {
    switch self {
    case .mapping(let mapping): mapping
    case .scalar, .sequence: nil
    }
  }

  public var span: SourceSpan {
    switch self {
    case .scalar(let scalar): scalar.span
    case .sequence(let sequence): sequence.span
    case .mapping(let mapping): mapping.span
    }
  }

  /// As in "expected a number, found a list".
  public var kindName: String {
    switch self {
    case .scalar(let scalar): scalar.text.isEmpty && !scalar.isQuoted ? "nothing" : "a value"
    case .sequence: "a list"
    case .mapping: "a map"
    }
  }
}
