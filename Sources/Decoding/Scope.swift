import Diagnostics

/// The names that an expression may use: what `let` and the loops of `repeat` define.
public struct Scope: Sendable {
  public struct Variable: Sendable {
    public let value: Number
    /// Where it was defined.
    public let span: SourceSpan

    public init(value: Number, span: SourceSpan) {
      self.value = value
      self.span = span
    }
  }

  public private(set) var variables: [String: Variable] = [:]

  public init() {}

  public mutating func define(_ name: String, as value: Number, at span: SourceSpan) {
    variables[name] = Variable(value: value, span: span)
  }
}

/// The value of an expression: an exact integer for as long as possible.
public enum Number: Hashable, Sendable {
  case integer(Int)
  case fraction(Double)

  public var double: Double {
    switch self {
    case .integer(let value): Double(value)
    case .fraction(let value): value
    }
  }
}
