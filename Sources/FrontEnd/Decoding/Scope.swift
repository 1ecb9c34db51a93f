import Diagnostics
import Document

/// The names that an expression may use: what `let` and the loops of `repeat` define.
public struct Scope: Sendable {
  public struct Variable: Sendable {
    public let value: Number
    /// Where it was defined.
    public let span: SourceSpan
    /// The expression that made it: the definition, or the end of a loop's range.
    public let written: Node.Scalar?
    /// Whether a `repeat` counts it up.
    public let isLoop: Bool
  }

  public private(set) var variables: [String: Variable] = [:]

  public init() {}

  /// The counting names, the outermost loop first.
  public var loops: [(name: String, variable: Variable)] {
    variables.filter(\.value.isLoop).sorted { $0.value.span.start < $1.value.span.start }
      .map { ($0.key, $0.value) }
  }

  public mutating func define(
    _ name: String, as value: Number, at span: SourceSpan, by written: Node.Scalar? = nil,
    isLoop: Bool = false
  ) {
    variables[name] = Variable(value: value, span: span, written: written, isLoop: isLoop)
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
