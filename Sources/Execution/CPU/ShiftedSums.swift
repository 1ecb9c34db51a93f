import Program

/// Sums of squared deviations from a mean, made in the same pass as the mean.
extension FusionGraph {
  /// Σ (x − m)², where m is the mean of x; nil where `operand` is not such a square.
  ///
  /// For any s, Σ (x − m)² = Σ (x − s)² − (Σ (x − s))² / n, and neither sum waits for m: a
  /// batchnorm reads its input once for mean and variance. Here s is the first number of each sum,
  /// usually less than a few standard deviations from the mean, so that little is lost by
  /// cancellation. Source: Chan, Golub and LeVeque 1983, "Algorithms for Computing the Sample
  /// Variance", section 3 (shifted data).
  mutating func squaredDeviations(
    _ operand: Int, _ pattern: ReductionPattern, _ index: Int
  ) -> Int? {
    guard pattern.outer == 1, nodes[operand].kind == .binary(.multiply),
      let x = deviationsFromMean(nodes[operand].operands, pattern)
    else { return nil }
    let (count, kept) = (pattern.operandCount, pattern.resultCount)
    let first = add(.head, [x], kept, index)
    let spread = BroadcastPattern(outer: 1, repeated: pattern.reduced, kept: kept, run: 1)
    let shift = add(.broadcast(spread.simplified), [first], count, index)
    let shifted = add(.binary(.subtract), [x, shift], count, index)
    let square = add(.binary(.multiply), [shifted, shifted], count, index)
    // Not `sum`, which would take the shift out of the sum again.
    let linear = add(.reduce(pattern), [shifted], kept, index)
    let squares = add(.reduce(pattern), [square], kept, index)

    func small(_ op: Op.Binary, _ a: Int, _ b: Int) -> Int {
      elementwise(.binary(op), [a, b], kept, index)
    }
    let number = add(.constant(Double(pattern.reduced)), [], kept, index)
    let excess = small(.divide, small(.multiply, linear, linear), number)
    // Rounding must not make it negative; in this order, what is not a number stays so.
    let zero = add(.constant(0), [], kept, index)
    return small(.maximum, zero, small(.subtract, squares, excess))
  }

  /// The array x of a product (x − m)·(x − m), where m is its mean along the pattern.
  private func deviationsFromMean(_ factors: [Int], _ pattern: ReductionPattern) -> Int? {
    guard factors[0] == factors[1], nodes[factors[0]].kind == .binary(.subtract) else {
      return nil
    }
    let (x, spread) = (nodes[factors[0]].operands[0], nodes[factors[0]].operands[1])
    // What is computed on the way would have to be stored for its first numbers.
    guard !nodes[x].kind.isElementwise, case .broadcast = nodes[spread].kind,
      isMean(nodes[spread].operands[0], of: x, pattern)
    else { return nil }
    return x
  }

  private func isMean(_ node: Int, of x: Int, _ pattern: ReductionPattern) -> Bool {
    let operands = nodes[node].operands
    guard nodes[node].count == pattern.resultCount, operands.count == 2,
      nodes[operands[0]].kind == .reduce(pattern), nodes[operands[0]].operands == [x],
      case .constant(let number) = nodes[operands[1]].kind
    else { return false }
    let reduced = Double(pattern.reduced)
    return switch nodes[node].kind {
    case .binary(.divide): number == reduced
    case .binary(.multiply): number == 1 / reduced
    default: false
    }
  }
}
