extension ClosedRange<Int> {
  /// As in "`stride` must be at least 1".
  package var words: String {
    switch (lowerBound, upperBound) {
    case (.min, .max): "any whole number"
    case (let lower, .max): "at least \(lower)"
    case (.min, let upper): "at most \(upper)"
    case (let lower, let upper) where lower == upper: "\(lower)"
    case (let lower, let upper): "from \(lower) to \(upper)"
    }
  }

  /// The nearest allowed number.
  package func clamp(_ value: Int) -> Int { Swift.min(Swift.max(value, lowerBound), upperBound) }
}

extension NumberRange {
  /// As in "`slope` must be at least 0 and below 1".
  package var words: String {
    let (from, to) = (Number.fraction(lower).plain, Number.fraction(upper).plain)
    if lower == upper { return from }
    switch (lower.isFinite, upper.isFinite) {
    case (false, false): return "any number"
    case (true, false): return includesLower ? "at least \(from)" : "above \(from)"
    case (false, true): return includesUpper ? "at most \(to)" : "below \(to)"
    case (true, true):
      if includesLower, includesUpper { return "from \(from) to \(to)" }
      return (includesLower ? "at least \(from)" : "above \(from)") + " and "
        + (includesUpper ? "at most \(to)" : "below \(to)")
    }
  }
}

extension Set<Int> {
  /// As in "a list of 1, 2 or 4".
  package var list: String {
    let numbers = sorted().map(String.init)
    guard let last = numbers.last, numbers.count > 1 else { return numbers.first ?? "0" }
    return numbers.dropLast().joined(separator: ", ") + " or " + last
  }
}

extension CaseIterable where Self: RawRepresentable<String> {
  /// The names as specs write them, in the order of declaration.
  package static var allNames: [String] { allCases.map(\.rawValue) }
}
