import Diagnostics
import Document

/// Arithmetic instead of a number: `width * 2^(steps - 1 - i)`.
///
/// `+ - * / ^ ( )` with the usual precedence, `^` to the right and above a minus sign before it
/// (`-2^2` is -4); `log2`, `min` and `max`; the names of the scope; numbers in decimal notation.
public enum Expression {
  /// The value of the scalar's text, or what is wrong with it and where.
  public static func evaluate(
    _ scalar: Node.Scalar, in scope: Scope
  ) -> Result<Number, ExpressionProblem> {
    Result { () throws(ExpressionProblem) in
      var parser = try ExpressionParser(scalar, in: scope)
      return try parser.value()
    }
  }

  /// A label on the definition of each name that the text uses, saying its value.
  public static func contributions(
    to scalar: Node.Scalar, in scope: Scope
  ) -> [Diagnostic.Label] {
    variables(usedBy: scalar, in: scope).map { name, variable in
      Diagnostic.Label(span: variable.span, text: "`\(name)` is \(variable.value)")
    }
  }

  /// The names of the scope that the text uses, each once, in their order.
  public static func variables(
    usedBy scalar: Node.Scalar, in scope: Scope
  ) -> [(name: String, variable: Scope.Variable)] {
    // What is no expression uses no names; `evaluate` reports it.
    let tokens = (try? ExpressionToken.tokens(of: scalar)) ?? []
    var seen: Set<String> = []
    return tokens.compactMap { token in
      guard case .name(let name) = token.kind, seen.insert(name).inserted,
        let variable = scope.variables[name]
      else { return nil }
      return (name, variable)
    }
  }

  /// What `let` and `repeat` may not define.
  public static var functionNames: [String] { Function.allNames }

  /// Whether the text can name a variable: a letter or `_`, then letters, digits and `_`.
  public static func isName(_ text: String) -> Bool {
    let scalars = text.unicodeScalars
    guard let first = scalars.first, first.startsName else { return false }
    return scalars.allSatisfy(\.continuesName)
  }

  /// Parentheses, powers and minus signs within each other; a spec needs few.
  static let deepestNesting = 64

  /// In code points.
  static let longestText = 1000

  enum Function: String, CaseIterable {
    case log2
    case min
    case max
  }
}

extension Node {
  /// The names of the scope that the expressions in it use, each once, in their order.
  package func variables(in scope: Scope) -> [(name: String, variable: Scope.Variable)] {
    var seen: Set<String> = []
    return scalars.flatMap { Expression.variables(usedBy: $0, in: scope) }
      .filter { seen.insert($0.name).inserted }
  }

  private var scalars: [Scalar] {
    switch self {
    case .scalar(let scalar): [scalar]
    case .sequence(let list): list.items.flatMap(\.scalars)
    case .mapping(let mapping): mapping.entries.flatMap(\.value.scalars)
    }
  }
}

extension Unicode.Scalar {
  var isDigit: Bool { ("0"..."9").contains(self) }

  var startsName: Bool {
    ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_"
  }

  var continuesName: Bool { startsName || isDigit }
}
