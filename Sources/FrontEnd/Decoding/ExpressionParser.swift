import Diagnostics
import Document

/// Evaluates an expression while it reads it, by recursive descent.
///
/// ```
/// sum     = product { ("+" | "-") product }
/// product = signed { ("*" | "/") signed }
/// signed  = ("-" | "+") signed | power
/// power   = primary [ "^" signed ]
/// primary = number | name | function "(" sum { "," sum } ")" | "(" sum ")"
/// ```
struct ExpressionParser {
  private let scalar: Node.Scalar
  private let scope: Scope
  private let tokens: [ExpressionToken]
  private var index = 0
  private var depth = 0

  /// A value and the piece of the text that it came from.
  private struct Operand {
    let value: Number
    let range: Range<Int>
  }

  init(_ scalar: Node.Scalar, in scope: Scope) throws(ExpressionProblem) {
    self.scalar = scalar
    self.scope = scope
    self.tokens = try ExpressionToken.tokens(of: scalar)
  }

  /// The value of the whole text.
  mutating func value() throws(ExpressionProblem) -> Number {
    if tokens.isEmpty { throw .empty(at: scalar.span) }
    let result = try sum()
    guard let extra = next else { return result.value }
    if extra.kind == .sign(.close) { throw .unopened(at: span(extra.range)) }
    throw .expectedOperator(before: text(extra.range), at: span(extra.range))
  }

  // MARK: Grammar

  private mutating func sum() throws(ExpressionProblem) -> Operand {
    var left = try product()
    while let sign = accept(.plus, .minus) {
      left = try combine(left, sign, try product())
    }
    return left
  }

  private mutating func product() throws(ExpressionProblem) -> Operand {
    var left = try signed()
    while let sign = accept(.times, .divide) {
      left = try combine(left, sign, try signed())
    }
    return left
  }

  /// Every way to nest passes through here.
  private mutating func signed() throws(ExpressionProblem) -> Operand {
    depth += 1
    defer { depth -= 1 }
    if depth > Expression.deepestNesting {
      throw .tooDeep(at: span((next ?? tokens[tokens.count - 1]).range))
    }
    guard let sign = accept(.minus, .plus) else { return try power() }
    let operand = try signed()
    let range = sign.range.lowerBound..<operand.range.upperBound
    if sign.kind == .sign(.plus) { return Operand(value: operand.value, range: range) }
    let value = try attempt("-\(operand.value.operand)", at: sign.range) {
      () throws(ArithmeticProblem) in try operand.value.negated()
    }
    return Operand(value: value, range: range)
  }

  private mutating func power() throws(ExpressionProblem) -> Operand {
    let base = try primary()
    guard let sign = accept(.power) else { return base }
    return try combine(base, sign, try signed())
  }

  private mutating func primary() throws(ExpressionProblem) -> Operand {
    guard let token = next else {
      let last = tokens[tokens.count - 1].range
      throw .expectedValue(after: text(last), at: span(last))
    }
    index += 1
    switch token.kind {
    case .number(let value): return Operand(value: value, range: token.range)
    case .name(let name):
      guard let open = accept(.open) else { return try variable(name, at: token.range) }
      return try call(name, at: token.range, open: open)
    case .sign(.open):
      let inner = try sum()
      let end = try close(token)
      return Operand(value: inner.value, range: token.range.lowerBound..<end)
    case .sign:
      throw .expectedValue(before: text(token.range), at: span(token.range))
    }
  }

  private func variable(_ name: String, at range: Range<Int>) throws(ExpressionProblem) -> Operand {
    if let variable = scope.variables[name] {
      return Operand(value: variable.value, range: range)
    }
    if Expression.Function(rawValue: name) != nil {
      throw .functionWithoutArguments(name, at: span(range))
    }
    throw .unknownName(name, in: scope, at: span(range))
  }

  /// The parenthesis `open` has been read.
  private mutating func call(
    _ name: String, at range: Range<Int>, open: ExpressionToken
  ) throws(ExpressionProblem) -> Operand {
    guard let function = Expression.Function(rawValue: name) else {
      throw .unknownFunction(name, in: scope, at: span(range))
    }
    let first = try sum()
    var others: [Number] = []
    while accept(.comma) != nil { others.append(try sum().value) }
    let whole = range.lowerBound..<(try close(open))
    let value: Number
    switch function {
    case .log2:
      guard others.isEmpty else {
        throw .oneArgument(name, found: 1 + others.count, at: span(whole))
      }
      value = try attempt("log2(\(first.value))", at: first.range) {
        () throws(ArithmeticProblem) in try first.value.logarithm()
      }
    case .min: value = others.reduce(first.value) { $1.isBelow($0) ? $1 : $0 }
    case .max: value = others.reduce(first.value) { $0.isBelow($1) ? $1 : $0 }
    }
    return Operand(value: value, range: whole)
  }

  /// Reads the parenthesis that closes `open`; returns the end of its range.
  private mutating func close(_ open: ExpressionToken) throws(ExpressionProblem) -> Int {
    if let token = accept(.close) { return token.range.upperBound }
    guard let extra = next else {
      throw .unclosed(isQuoted: scalar.isQuoted, at: span(open.range))
    }
    throw .expectedOperator(before: text(extra.range), at: span(extra.range))
  }

  // MARK: Arithmetic

  private func combine(
    _ left: Operand, _ sign: ExpressionToken, _ right: Operand
  ) throws(ExpressionProblem) -> Operand {
    let words = "\(left.value.operand) \(text(sign.range)) \(right.value.operand)"
    let value = try attempt(words, at: sign.range, divisor: right.range) {
      () throws(ArithmeticProblem) in
      switch sign.kind {
      case .sign(.plus): try left.value.plus(right.value)
      case .sign(.minus): try left.value.minus(right.value)
      case .sign(.times): try left.value.times(right.value)
      case .sign(.divide): try left.value.divided(by: right.value)
      case .sign(.power): try left.value.power(right.value)
      case .sign(.open), .sign(.close), .sign(.comma), .number, .name:
        preconditionFailure("\(sign.kind) is no operation")
      }
    }
    return Operand(value: value, range: left.range.lowerBound..<right.range.upperBound)
  }

  /// Turns what is wrong with an operation into a problem at its sign, or at the divisor that is 0.
  private func attempt(
    _ words: String, at place: Range<Int>, divisor: Range<Int>? = nil,
    _ operation: () throws(ArithmeticProblem) -> Number
  ) throws(ExpressionProblem) -> Number {
    do throws(ArithmeticProblem) {
      return try operation()
    } catch {
      let place = error == .divisionByZero ? divisor ?? place : place
      throw .arithmetic(
        error, words: words, at: span(place),
        contributions: Expression.contributions(to: scalar, in: scope))
    }
  }

  // MARK: Tokens

  private var next: ExpressionToken? { index < tokens.count ? tokens[index] : nil }

  private mutating func accept(_ signs: ExpressionToken.Sign...) -> ExpressionToken? {
    guard let token = next, case .sign(let sign) = token.kind, signs.contains(sign) else {
      return nil
    }
    index += 1
    return token
  }

  private func span(_ range: Range<Int>) -> SourceSpan { scalar.span(of: range) }

  private func text(_ range: Range<Int>) -> String { scalar.part(range).text }
}

extension Number {
  /// As it stands in an operation: `(-2)`, `64`.
  fileprivate var operand: String { double < 0 ? "(\(self))" : "\(self)" }
}
