import Program

/// Sums of what is linear in something smaller: Σ (a·x + b·y) = a·Σx + b·Σy, where a and b are the
/// same for all elements of a sum.
///
/// A batchnorm's gradient sums such terms; taken apart, they are sums that are needed anyway, and a
/// pass over memory falls away.
extension FusionGraph {
  /// A node that is `operand` summed by `pattern`.
  mutating func sum(_ operand: Int, _ pattern: ReductionPattern, _ index: Int) -> Int {
    if let squares = squaredDeviations(operand, pattern, index) { return squares }
    if let small = constantPart(operand, pattern, index) {
      let count = add(.constant(Double(pattern.reduced)), [], pattern.resultCount, index)
      return elementwise(.binary(.multiply), [small, count], pattern.resultCount, index)
    }
    let operands = nodes[operand].operands
    let kind = nodes[operand].kind
    func small(_ kind: Kind, _ operands: [Int], _ graph: inout FusionGraph) -> Int {
      graph.elementwise(kind, operands, pattern.resultCount, index)
    }
    switch kind {
    case .unary(.negate):
      return small(kind, [sum(operands[0], pattern, index)], &self)
    case .binary(.multiply):
      if let factor = constantPart(operands[1], pattern, index) {
        return small(kind, [sum(operands[0], pattern, index), factor], &self)
      }
      if let factor = constantPart(operands[0], pattern, index) {
        return small(kind, [factor, sum(operands[1], pattern, index)], &self)
      }
      if let product = sumOfProduct(operand, pattern, index) { return product }
    case .binary(.divide):
      if let divisor = constantPart(operands[1], pattern, index) {
        return small(kind, [sum(operands[0], pattern, index), divisor], &self)
      }
    case .binary(.add), .binary(.subtract):
      if operands.contains(where: { isSeparable($0, pattern) }) {
        let sums = operands.map { sum($0, pattern, index) }
        return small(kind, sums, &self)
      }
    case .input, .constant, .copy, .head, .unary, .binary(.maximum), .binary(.greater), .select,
      .broadcast, .reduce, .heavy:
      break
    }
    return add(.reduce(pattern), [operand], pattern.resultCount, index)
  }

  /// Σ (x·a)·y = a·Σ x·y, where a is the same for all elements of a sum; nil where no factor is.
  private mutating func sumOfProduct(
    _ operand: Int, _ pattern: ReductionPattern, _ index: Int
  ) -> Int? {
    var (varied, constants): ([Int], [Int]) = ([], [])
    var pending = [operand]
    while let node = pending.popLast() {
      if let constant = constantPart(node, pattern, index) {
        constants.append(constant)
      } else if nodes[node].kind == .binary(.multiply) {
        pending += nodes[node].operands
      } else {
        varied.append(node)
      }
    }
    guard !constants.isEmpty, let first = varied.min() else { return nil }
    // In one order, so that equal products are one node.
    var product = first
    for factor in varied.sorted().dropFirst() {
      product = elementwise(.binary(.multiply), [product, factor], pattern.operandCount, index)
    }
    var result = sum(product, pattern, index)
    for constant in constants {
      result = elementwise(.binary(.multiply), [result, constant], pattern.resultCount, index)
    }
    return result
  }

  /// Whether a factor comes out of the sum of this node.
  private func isSeparable(_ node: Int, _ pattern: ReductionPattern) -> Bool {
    let operands = nodes[node].operands
    switch nodes[node].kind {
    case .constant, .broadcast: return isConstant(node, along: pattern)
    case .unary(.negate): return isSeparable(operands[0], pattern)
    case .binary(.multiply): return operands.contains { isConstant($0, along: pattern) }
    case .binary(.divide): return isConstant(operands[1], along: pattern)
    case .binary(.add), .binary(.subtract):
      return operands.contains { isSeparable($0, pattern) }
    case .input, .copy, .head, .unary, .binary(.maximum), .binary(.greater), .select, .reduce,
      .heavy:
      return false
    }
  }

  /// Whether all elements that are added up to one are the same.
  private func isConstant(_ node: Int, along pattern: ReductionPattern) -> Bool {
    switch nodes[node].kind {
    case .constant: return true
    case .broadcast(let broadcast):
      if broadcast.sourceCount == 1 { return true }
      guard broadcast.isPeriodic else { return false }
      if pattern.outer == 1 { return broadcast.run == 1 && broadcast.kept == pattern.kept }
      return pattern.kept == 1 && broadcast.kept == pattern.outer
        && broadcast.run == pattern.reduced
    case .input, .copy, .head, .unary, .binary, .select, .reduce, .heavy: return false
    }
  }

  /// One element of each sum, if all elements of a sum are the same.
  private mutating func constantPart(
    _ node: Int, _ pattern: ReductionPattern, _ index: Int
  ) -> Int? {
    guard isConstant(node, along: pattern) else { return nil }
    if case .constant(let number) = nodes[node].kind {
      return add(.constant(number), [], pattern.resultCount, index)
    }
    let source = nodes[node].operands[0]
    if nodes[source].count == pattern.resultCount { return source }
    return add(.broadcast(.scalar(pattern.resultCount)), [source], pattern.resultCount, index)
  }
}
