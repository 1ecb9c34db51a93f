/// The numbers an option allows, and how a message says so.
public struct NumberRange: Hashable, Sendable {
  public let lower: Double
  public let upper: Double
  public let includesLower: Bool
  public let includesUpper: Bool

  public init(_ range: ClosedRange<Double>) {
    (lower, upper, includesLower, includesUpper) = (range.lowerBound, range.upperBound, true, true)
  }

  public init(_ range: Range<Double>) {
    (lower, upper, includesLower, includesUpper) = (range.lowerBound, range.upperBound, true, false)
  }

  /// All numbers above `lower`.
  public static func above(_ lower: Double) -> NumberRange {
    NumberRange(lower: lower, upper: .infinity, includesLower: false, includesUpper: false)
  }

  /// All finite numbers.
  public static let any = NumberRange(
    lower: -.infinity, upper: .infinity, includesLower: false, includesUpper: false)

  private init(lower: Double, upper: Double, includesLower: Bool, includesUpper: Bool) {
    self.lower = lower
    self.upper = upper
    self.includesLower = includesLower
    self.includesUpper = includesUpper
  }

  public func contains(_ value: Double) -> Bool {
    (includesLower ? value >= lower : value > lower)
      && (includesUpper ? value <= upper : value < upper)
  }

  /// A number that is allowed, to continue with after a problem.
  var example: Double {
    if contains(1) { return 1 }
    if includesLower, lower.isFinite { return lower }
    if upper.isInfinite { return lower + 1 }
    return lower.isInfinite ? upper - 1 : lower + (upper - lower) / 2
  }
}
