import Program

/// A program over flat arrays: reshapes are gone, broadcasts and sums have the patterns that one
/// pass can do, numbers are folded, and equal nodes are one.
struct FusionGraph: Sendable {
  private(set) var nodes: [Node] = []
  /// The node that holds each of the program's values.
  private(set) var nodeOfValue: [Int] = []
  private(set) var outputs: [(name: String, node: Int)] = []
  private var known: [Key: Int] = [:]

  struct Node: Sendable {
    let kind: Kind
    let operands: [Int]
    let count: Int
    /// The instruction it was made for.
    let instruction: Int
  }

  enum Kind: Hashable, Sendable {
    case input(String)
    case constant(Double)
    /// The operand, at a place of its own.
    case copy(of: Int)
    /// The first `count` numbers of the operand.
    case head
    case unary(Op.Unary)
    case binary(Op.Binary)
    case select
    case broadcast(BroadcastPattern)
    case reduce(ReductionPattern)
    /// Whatever is not done element by element: one pass by itself.
    case heavy(instruction: Int)
  }

  private struct Key: Hashable {
    let kind: Kind
    let operands: [Int]
    let count: Int
  }

  init(_ program: Program) {
    for index in program.instructions.indices { nodeOfValue.append(lower(index, of: program)) }
    addOutputs(of: program)
  }

  /// An output has a place of its own: what is an input (of another name) is copied.
  private mutating func addOutputs(of program: Program) {
    for (index, output) in program.outputs.enumerated() {
      var node = nodeOfValue[output.value.index]
      if case .input(let name) = nodes[node].kind, name != output.name {
        node = add(.copy(of: index), [node], nodes[node].count, output.value.index)
      }
      outputs.append((output.name, node))
    }
  }

  private mutating func lower(_ index: Int, of program: Program) -> Int {
    let instruction = program.instructions[index]
    let operands = instruction.operands.map { nodeOfValue[$0.index] }
    let count = instruction.shape.count
    let sizes = instruction.operands.first.map { program[$0].shape.dimensions } ?? []
    switch instruction.op {
    case .input(let name): return add(.input(name), [], count, index)
    case .constant(let number): return add(.constant(number), [], count, index)
    case .unary(let op): return elementwise(.unary(op), operands, count, index)
    case .binary(let op): return elementwise(.binary(op), operands, count, index)
    case .select: return elementwise(.select, operands, count, index)
    case .reshape, .meanOverShards: return operands[0]
    case .broadcast(let axes):
      let runs = AxisRun.merged(sizes: instruction.shape.dimensions) { axes.contains($0) }
      return broadcast(operands[0], runs, count, index)
    case .reduceSum(let axes):
      let runs = AxisRun.merged(sizes: sizes) { !axes.contains($0) }
      return sum(operands[0], runs, count, index)
    case .reduceMaximum(let axes):
      let runs = AxisRun.merged(sizes: sizes) { !axes.contains($0) }
      return maximum(operands[0], runs, count, index)
    case .transpose(let permutation):
      // Where only axes of size 1 move, the elements stay in order.
      let moved = permutation.filter { sizes[$0] != 1 }
      if moved == moved.sorted() { return operands[0] }
      return add(.heavy(instruction: index), operands, count, index)
    case .matmul(let leftTransposed, let rightTransposed):
      let product = MatrixSizes(
        left: program[instruction.operands[0]].shape, right: program[instruction.operands[1]].shape,
        leftTransposed: leftTransposed, rightTransposed: rightTransposed)
      return product.flatMap { thinProduct(operands[0], operands[1], $0, index) }
        ?? add(.heavy(instruction: index), operands, count, index)
    case .random, .pad, .slice, .concatenate, .convolve, .convolutionInputGradient,
      .convolutionKernelGradient:
      return add(.heavy(instruction: index), operands, count, index)
    }
  }

  mutating func add(_ kind: Kind, _ operands: [Int], _ count: Int, _ index: Int) -> Int {
    // The order of factors and terms does not matter: one order makes more nodes equal.
    let operands =
      kind == .binary(.multiply) || kind == .binary(.add) ? operands.sorted() : operands
    let key = Key(kind: kind, operands: operands, count: count)
    if let node = known[key] { return node }
    nodes.append(Node(kind: kind, operands: operands, count: count, instruction: index))
    known[key] = nodes.count - 1
    return nodes.count - 1
  }

  // MARK: Broadcasts and sums

  mutating func broadcast(
    _ operand: Int, _ runs: [AxisRun], _ count: Int, _ index: Int
  ) -> Int {
    if nodes[operand].count == count { return operand }
    var result = operand
    // An empty result has no pattern worth finding.
    let patterns =
      count == 0 || nodes[operand].count == 1
      ? [BroadcastPattern.scalar(count)] : BroadcastPattern.sequence(for: runs)
    for pattern in patterns { result = broadcast(result, pattern, index) }
    return result
  }

  private mutating func broadcast(_ operand: Int, _ pattern: BroadcastPattern, _ index: Int) -> Int
  {
    let count = pattern.resultCount
    if case .constant(let number) = nodes[operand].kind {
      return add(.constant(number), [], count, index)
    }
    if case .broadcast = nodes[operand].kind, nodes[nodes[operand].operands[0]].count == 1 {
      return add(.broadcast(.scalar(count)), nodes[operand].operands, count, index)
    }
    return add(.broadcast(pattern), [operand], count, index)
  }

  mutating func sum(_ operand: Int, _ runs: [AxisRun], _ count: Int, _ index: Int) -> Int {
    if nodes[operand].count == 0 { return add(.constant(0), [], count, index) }
    var result = operand
    for pattern in ReductionPattern.sequence(for: runs) { result = sum(result, pattern, index) }
    return result
  }

  private mutating func maximum(
    _ operand: Int, _ runs: [AxisRun], _ count: Int, _ index: Int
  ) -> Int {
    if nodes[operand].count == 0 { return add(.constant(-.infinity), [], count, index) }
    var result = operand
    for pattern in ReductionPattern.sequence(for: runs, finding: .maximum) {
      result = add(.reduce(pattern), [result], pattern.resultCount, index)
    }
    return result
  }

  // MARK: Elementwise

  /// Adds an elementwise node; of constants it is a constant, and of equal broadcasts it is one
  /// broadcast of what is computed on their smaller sources.
  mutating func elementwise(
    _ kind: Kind, _ operands: [Int], _ count: Int, _ index: Int
  ) -> Int {
    let numbers = operands.compactMap { operand -> Double? in
      if case .constant(let number) = nodes[operand].kind { number } else { nil }
    }
    if numbers.count == operands.count {
      return add(.constant(kind.value(of: numbers)), [], count, index)
    }
    guard let pattern = commonPattern(of: operands) else {
      return simplified(kind, operands, count, index) ?? add(kind, operands, count, index)
    }
    let sources = operands.map { operand -> Int in
      if case .constant(let number) = nodes[operand].kind {
        return add(.constant(number), [], pattern.sourceCount, index)
      }
      return nodes[operand].operands[0]
    }
    let small = elementwise(kind, sources, pattern.sourceCount, index)
    return broadcast(small, pattern, index)
  }

  /// The pattern of all operands that are not constants, if they have the same one.
  private func commonPattern(of operands: [Int]) -> BroadcastPattern? {
    var common: BroadcastPattern?
    for operand in operands {
      switch nodes[operand].kind {
      case .constant: continue
      case .broadcast(let pattern):
        if common != nil, common != pattern { return nil }
        common = pattern
      case .input, .copy, .head, .unary, .binary, .select, .reduce, .heavy: return nil
      }
    }
    return common
  }
}

extension FusionGraph.Kind {
  /// Whether element i of the result depends on element i of the operands only.
  var isElementwise: Bool {
    switch self {
    case .copy, .head, .unary, .binary, .select: true
    case .input, .constant, .broadcast, .reduce, .heavy: false
    }
  }

  /// Whether it costs many times an addition.
  var isTranscendental: Bool {
    switch self {
    case .unary(let op):
      switch op {
      case .exp, .log, .logPlusOne, .tanh, .logistic: true
      case .negate, .squareRoot, .reciprocalSquareRoot: false
      }
    case .input, .constant, .copy, .head, .binary, .select, .broadcast, .reduce, .heavy: false
    }
  }
}
