import Decoding
import Diagnostics
import Document

/// Looks for the numbers of `let` that would make an expression whole.
struct WholeNumberSearch {
  private let definitions: Definitions
  /// How many characters of expressions are still evaluated: a hostile spec has long ones.
  private var budget = 500_000

  init(_ definitions: Definitions) {
    self.definitions = definitions
  }

  /// As in "`steps` is whole where `size` is 64 or 128, or where `base` is 3 or 6"; nil where
  /// nothing near helps.
  mutating func help(for expression: Node.Scalar, called name: String) -> String? {
    let target = Target(expression, definitions)
    var choices: [String] = []
    for (literal, value) in target.literals {
      let numbers = nearest(to: value, of: literal, making: target)
      if numbers.isEmpty { continue }
      choices.append("`\(literal)` is " + numbers.map(String.init).joined(separator: " or "))
    }
    if choices.isEmpty { return nil }
    return "\(name) is whole where " + choices.joined(separator: ", or where ")
  }

  /// The same for the expression at a place; nil where it uses other names, those of loops.
  mutating func help(for span: SourceSpan) -> String? {
    let text = span.text.trimmingQuotes
    guard text.identifiers.allSatisfy({ definitions.scalar(of: $0) != nil || $0.isFunction })
    else { return nil }
    return help(for: Node.Scalar(text: text, isQuoted: false, span: span), called: "it")
  }

  /// The nearest numbers below and above, from half of the value to twice as much.
  private mutating func nearest(
    to value: Int, of literal: String, making target: Target
  ) -> [Int] {
    guard (1...Self.largest).contains(value) else { return [] }
    let below = stride(from: value - 1, through: Swift.max(1, value / 2), by: -1)
    let above = value + 1...2 * value
    return [
      first(of: below, of: literal, making: target), first(of: above, of: literal, making: target),
    ]
    .compactMap(\.self)
  }

  /// The largest size of an image; a larger number is no size.
  private static let largest = 4096

  private mutating func first(
    of candidates: some Sequence<Int>, of literal: String, making target: Target
  ) -> Int? {
    for candidate in candidates {
      guard budget > 0 else { return nil }
      budget -= target.length
      if case .integer(1...)? = target.value(with: literal, as: candidate) { return candidate }
    }
    return nil
  }
}

/// An expression with all the definitions that it needs.
private struct Target {
  let expression: Node.Scalar
  let scope: Scope
  /// The definitions that it depends on, each after those that it needs.
  let needed: [(name: String, scalar: Node.Scalar)]
  /// Those of them that are whole numbers by themselves, in the order of the file.
  let literals: [(name: String, value: Int)]
  /// Characters that one evaluation reads.
  let length: Int

  init(_ expression: Node.Scalar, _ definitions: Definitions) {
    self.expression = expression
    scope = definitions.scope
    var (names, open): (Set<String>, [String]) = ([], expression.text.identifiers)
    while let next = open.popLast() {
      guard let others = definitions.names(neededBy: next), names.insert(next).inserted else {
        continue
      }
      open += others
    }
    needed = definitions.evaluationOrder.filter(names.contains).compactMap { name in
      definitions.scalar(of: name).map { (name, $0) }
    }
    literals = definitions.order.filter(names.contains).compactMap { name in
      guard definitions.names(neededBy: name)?.isEmpty == true,
        case .integer(let value)? = definitions.scope.variables[name]?.value
      else { return nil }
      return (name, value)
    }
    length = needed.reduce(expression.text.utf8.count) { $0 + $1.scalar.text.utf8.count }
  }

  /// What it would be if `literal` were `number`.
  func value(with literal: String, as number: Int) -> Number? {
    var changed = scope
    for (name, scalar) in needed {
      guard let value = name == literal ? .integer(number) : evaluate(scalar, in: changed) else {
        return nil
      }
      changed.define(name, as: value, at: scalar.span)
    }
    return evaluate(expression, in: changed)
  }

  private func evaluate(_ scalar: Node.Scalar, in scope: Scope) -> Number? {
    // With another value an expression may fail, which is no way out then.
    try? Expression.evaluate(scalar, in: scope).get()
  }
}

extension String {
  fileprivate var isFunction: Bool { Expression.functionNames.contains(self) }

  fileprivate var trimmingQuotes: String {
    guard let first, count > 1, first == last, first == "\"" || first == "'" else { return self }
    return String(dropFirst().dropLast())
  }
}
