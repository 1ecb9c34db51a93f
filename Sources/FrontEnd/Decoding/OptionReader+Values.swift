import Diagnostics
import Document

extension OptionReader {
  /// A whole number in `range`, or nil after reporting what else was found.
  public mutating func integer(
    _ node: Node, describedAs name: String, in range: ClosedRange<Int>
  ) -> Int? {
    guard let number = evaluate(node, describedAs: name) else { return nil }
    guard case .integer(let value) = number else {
      report(
        .notWhole(
          name: name, found: number, at: node.span, contributions: contributions(to: node)))
      return nil
    }
    guard range.contains(value) else {
      report(
        .outOfRange(
          name: name, found: number, expected: range.words, at: node.span,
          contributions: contributions(to: node)))
      return nil
    }
    return value
  }

  /// A number in `range`, or nil after reporting what else was found.
  public mutating func number(
    _ node: Node, describedAs name: String, in range: NumberRange
  ) -> Double? {
    guard let number = evaluate(node, describedAs: name) else { return nil }
    guard range.contains(number.double) else {
      report(
        .outOfRange(
          name: name, found: number, expected: range.words, at: node.span,
          contributions: contributions(to: node)))
      return nil
    }
    return number.double
  }
}
