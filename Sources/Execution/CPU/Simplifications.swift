import Program

/// Elementwise work that algebra makes smaller; results differ by rounding at most.
extension FusionGraph {
  /// A node that equals `kind` of the operands and takes fewer instructions for each element; nil
  /// where none is known.
  mutating func simplified(
    _ kind: Kind, _ operands: [Int], _ count: Int, _ index: Int
  ) -> Int? {
    guard case .binary(let op) = kind else { return nil }
    let (a, b) = (operands[0], operands[1])
    switch op {
    case .multiply: return gathered(a, b, count, index) ?? gathered(b, a, count, index)
    case .add:
      return doubled(a, b, count, index) ?? doubled(b, a, count, index)
        ?? joined(a, b, count, index) ?? joined(b, a, count, index)
    case .greater: return comparedWithZero(a, b, count, index)
    case .subtract, .divide, .maximum: return nil
    }
  }

  /// (x·a)·b = x·(a·b), where a and b are the same broadcast of fewer numbers, or numbers.
  private mutating func gathered(_ product: Int, _ b: Int, _ count: Int, _ index: Int) -> Int? {
    guard isSpread(b), nodes[product].kind == .binary(.multiply) else { return nil }
    let factors = nodes[product].operands
    for (x, a) in [(factors[0], factors[1]), (factors[1], factors[0])]
    where isSpread(a) && !isSpread(x) {
      guard isConstant(a) || isConstant(b) || nodes[a].kind == nodes[b].kind else { continue }
      let factor = elementwise(.binary(.multiply), [a, b], count, index)
      return elementwise(.binary(.multiply), [x, factor], count, index)
    }
    return nil
  }

  /// p + p = p·2 and (x + p) + p = x + p·2: the gradient of a square is two equal terms.
  private mutating func doubled(_ sum: Int, _ p: Int, _ count: Int, _ index: Int) -> Int? {
    func double(_ graph: inout FusionGraph) -> Int {
      let two = graph.add(.constant(2), [], count, index)
      return graph.elementwise(.binary(.multiply), [p, two], count, index)
    }
    if sum == p { return double(&self) }
    guard nodes[sum].kind == .binary(.add), let place = nodes[sum].operands.firstIndex(of: p) else {
      return nil
    }
    let x = nodes[sum].operands[1 - place]
    return elementwise(.binary(.add), [x, double(&self)], count, index)
  }

  /// (m ? a : 0) + (m ? 0 : b)·k = m ? a : b·k: the gradient of a maximum, such as a leaky ReLU's,
  /// has one term for either operand.
  private mutating func joined(_ first: Int, _ second: Int, _ count: Int, _ index: Int) -> Int? {
    guard nodes[first].kind == .select, isZero(nodes[first].operands[2]) else { return nil }
    let (mask, a) = (nodes[first].operands[0], nodes[first].operands[1])
    func otherwise(_ node: Int) -> Int? {
      let operands = nodes[node].operands
      guard nodes[node].kind == .select, operands[0] == mask, isZero(operands[1]) else {
        return nil
      }
      return operands[2]
    }
    if let b = otherwise(second) {
      return elementwise(.select, [mask, a, b], count, index)
    }
    guard nodes[second].kind == .binary(.multiply) else { return nil }
    let factors = nodes[second].operands
    for (choice, k) in [(factors[0], factors[1]), (factors[1], factors[0])] {
      guard case .constant(let number) = nodes[k].kind, number.isFinite,
        let b = otherwise(choice)
      else { continue }
      let scaled = elementwise(.binary(.multiply), [b, k], count, index)
      return elementwise(.select, [mask, a, scaled], count, index)
    }
    return nil
  }

  /// y > y·k is y > 0 for 0 ≤ k < 1.
  private mutating func comparedWithZero(
    _ y: Int, _ scaled: Int, _ count: Int, _ index: Int
  ) -> Int? {
    guard nodes[scaled].kind == .binary(.multiply),
      let place = nodes[scaled].operands.firstIndex(of: y),
      case .constant(let k) = nodes[nodes[scaled].operands[1 - place]].kind, k >= 0, k < 1
    else { return nil }
    let zero = add(.constant(0), [], count, index)
    return elementwise(.binary(.greater), [y, zero], count, index)
  }

  // MARK: Kinds of operands

  private func isConstant(_ node: Int) -> Bool {
    if case .constant = nodes[node].kind { true } else { false }
  }

  private func isZero(_ node: Int) -> Bool { nodes[node].kind == .constant(0) }

  /// Whether the node holds fewer numbers than elements.
  private func isSpread(_ node: Int) -> Bool {
    if case .broadcast = nodes[node].kind { true } else { isConstant(node) }
  }
}
