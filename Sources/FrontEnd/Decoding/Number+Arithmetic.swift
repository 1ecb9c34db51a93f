#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension Number: CustomStringConvertible {
  /// `64`; a fraction always shows that it is one (`2.0`, `0.0002`).
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .fraction(let value): "\(value)"
    }
  }

  /// Without the point of a fraction that is whole: `0`, `0.5`.
  var plain: String {
    let text = description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

/// Why an operation has no value.
enum ArithmeticProblem: Error {
  /// A whole number beyond 64 bits; it could only be kept by rounding.
  case overflow
  case divisionByZero
  /// The logarithm of a number that is not above zero.
  case logarithm
  /// A fraction became infinite, or is not defined (the root of a negative number).
  case notFinite
}

/// Whole numbers stay whole for as long as the result is exact.
extension Number {
  func plus(_ other: Number) throws(ArithmeticProblem) -> Number {
    try combine(other, whole: { $0.addingReportingOverflow($1) }, fraction: +)
  }

  func minus(_ other: Number) throws(ArithmeticProblem) -> Number {
    try combine(other, whole: { $0.subtractingReportingOverflow($1) }, fraction: -)
  }

  func times(_ other: Number) throws(ArithmeticProblem) -> Number {
    try combine(other, whole: { $0.multipliedReportingOverflow(by: $1) }, fraction: *)
  }

  /// Whole where it divides, otherwise a fraction.
  func divided(by other: Number) throws(ArithmeticProblem) -> Number {
    guard other.double != 0 else { throw .divisionByZero }
    if case (.integer(let a), .integer(let b)) = (self, other) {
      let (quotient, overflow) = a.dividedReportingOverflow(by: b)
      if overflow { throw .overflow }  // Int.min / -1
      if quotient * b == a { return .integer(quotient) }
    }
    return try .finite(double / other.double)
  }

  func negated() throws(ArithmeticProblem) -> Number {
    if case .fraction(let value) = self { return .fraction(-value) }
    return try Number.integer(0).minus(self)
  }

  /// Whole for a whole base and a whole exponent that is not negative; 0^0 is 1.
  func power(_ exponent: Number) throws(ArithmeticProblem) -> Number {
    if case (.integer(let base), .integer(let count)) = (self, exponent), count >= 0 {
      return try .integer(Number.power(base, count))
    }
    if double == 0, exponent.double < 0 { throw .divisionByZero }
    return try .finite(pow(double, exponent.double))
  }

  /// Whole for a power of two, also for one below 1.
  func logarithm() throws(ArithmeticProblem) -> Number {
    guard double > 0 else { throw .logarithm }
    if case .integer(let value) = self {
      let exponent = value.trailingZeroBitCount
      // A whole number above 2^53 may round to a power of two; its bits do not.
      return value == 1 << exponent ? .integer(exponent) : .fraction(log2(double))
    }
    return double.significand == 1
      ? .integer(Int(double.exponent)) : .fraction(log2(double))
  }

  /// Compares whole numbers exactly.
  func isBelow(_ other: Number) -> Bool {
    if case (.integer(let a), .integer(let b)) = (self, other) { return a < b }
    return double < other.double
  }

  private func combine(
    _ other: Number, whole: (Int, Int) -> (partialValue: Int, overflow: Bool),
    fraction: (Double, Double) -> Double
  ) throws(ArithmeticProblem) -> Number {
    guard case (.integer(let a), .integer(let b)) = (self, other) else {
      return try .finite(fraction(double, other.double))
    }
    let (value, overflow) = whole(a, b)
    if overflow { throw .overflow }
    return .integer(value)
  }

  private static func finite(_ value: Double) throws(ArithmeticProblem) -> Number {
    guard value.isFinite else { throw .notFinite }
    return .fraction(value)
  }

  /// By repeated squaring: at most 63 rounds for any exponent.
  private static func power(_ base: Int, _ exponent: Int) throws(ArithmeticProblem) -> Int {
    var (result, square, rest) = (1, base, exponent)
    while rest > 0 {
      if rest & 1 == 1 {
        let (product, overflow) = result.multipliedReportingOverflow(by: square)
        if overflow { throw .overflow }
        result = product
      }
      rest >>= 1
      if rest > 0 {
        let (next, overflow) = square.multipliedReportingOverflow(by: square)
        if overflow { throw .overflow }
        square = next
      }
    }
    return result
  }
}
