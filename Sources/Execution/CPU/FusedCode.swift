import CKernels
import Program

/// The instructions of one group, with nodes instead of addresses.
struct FusedCode: Sendable {
  let walk: ce_walk
  private(set) var loads: [Load] = []
  private(set) var scalars: [Scalar] = []
  private(set) var stores: [Store] = []
  private(set) var reductions: [Reduction] = []
  private(set) var instructions: [ce_instruction] = []
  /// For each register whether it needs a block of scratch memory.
  private(set) var isScratch: [Bool] = []
  /// The last instruction that reads an array.
  private(set) var lastRead: [Int: Int] = [:]
  /// The arrays that are read in another order than element by element.
  private(set) var spreadSources: Set<Int> = []

  struct Load: Sendable {
    let node: Int
    let register: Int32
    /// nil where it is read element by element.
    let pattern: BroadcastPattern?
  }

  enum Scalar: Hashable, Sendable {
    case number(Float)
    case node(Int)
  }

  struct Store: Sendable {
    let node: Int
    let register: Int32
    /// The instruction that writes it.
    let instruction: Int
  }

  struct Reduction: Sendable {
    let node: Int
    let pattern: ReductionPattern

    var kept: Int { pattern.kept }
  }

  /// Where the value of a node is while the code is made.
  private enum Place {
    case register(Int32)
    case scalar(Int32)
  }

  private let graph: FusionGraph
  private let materialised: MaterialisedNodes
  private let roots: Set<Int>
  let deferred: Set<Int>
  private var places: [Int: Place] = [:]
  private var uses: [Int: Int] = [:]
  private var free: [Int32] = []
  private var isReusable: Set<Int32> = []
  private var lateCopies: [(node: Int, register: Int32)] = []

  /// `deferred` roots are written when everything has been read, so that they may replace an array
  /// that the group reads.
  init(
    _ group: FusionGroups.Group, _ graph: FusionGraph, _ materialised: MaterialisedNodes,
    deferred: Set<Int> = []
  ) {
    self.graph = graph
    self.materialised = materialised
    self.roots = Set(group.roots)
    self.deferred = deferred
    var patterns: Set<BroadcastPattern> = []
    for root in group.roots {
      for node in Tree(root, graph, materialised).nodes {
        if case .broadcast(let pattern) = graph.nodes[node].kind { patterns.insert(pattern) }
      }
    }
    let periods = patterns.filter { $0.isPeriodic && $0.kept > 1 }.map(\.period)
    walk = ce_walk(
      count: group.count, segment: group.segment ?? group.count, kept: group.kept ?? 1,
      periods: periods)
    countUses(group)
    for root in group.roots { emit(root: root) }
    for (node, register) in lateCopies {
      let target = newRegister(scratch: false)
      instructions.append(ce_instruction(opcode: .copy, target: target, a: register, b: 0, c: 0))
      stores.append(Store(node: node, register: target, instruction: instructions.count - 1))
    }
  }

  // MARK: Scratch

  /// A register's block, in floats; whole cache lines.
  var blockFloats: Int { (Int(walk.block) + 15) / 16 * 16 }

  /// Running sums of the reductions, in floats.
  var accumulatorFloats: Int { (Int(walk.accumulator_length) + 15) / 16 * 16 }

  /// Partial sums of the tasks, in floats; where segments are summed by themselves there are none.
  var partialFloats: Int {
    if walk.segment < walk.count { return 0 }
    return reductions.reduce(0) { $0 + $1.kept * Int(walk.tasks) }
  }

  /// Registers and running sums, in floats.
  var workerFloats: Int {
    isScratch.filter(\.self).count * blockFloats
      + reductions.filter { $0.kept > 1 }.count * accumulatorFloats
  }

  // MARK: Uses

  /// How often each node that is computed here is read here.
  private mutating func countUses(_ group: FusionGroups.Group) {
    var seen: Set<Int> = []
    func visit(_ node: Int, _ uses: inout [Int: Int]) {
      guard seen.insert(node).inserted, isComputedHere(node) else { return }
      for operand in graph.nodes[node].operands {
        uses[operand, default: 0] += 1
        visit(operand, &uses)
      }
    }
    var uses: [Int: Int] = [:]
    for root in group.roots { visit(root, &uses) }
    self.uses = uses
  }

  private func isComputedHere(_ node: Int) -> Bool {
    let kind = graph.nodes[node].kind
    if roots.contains(node) { return true }
    return !materialised.isMaterialised[node] && kind.isElementwise
  }

  // MARK: Registers

  private mutating func newRegister(scratch: Bool) -> Int32 {
    isScratch.append(scratch)
    precondition(isScratch.count <= ce_maximum_registers, "too many registers in one pass")
    return Int32(isScratch.count - 1)
  }

  private mutating func temporary() -> Int32 {
    if let register = free.popLast() { return register }
    let register = newRegister(scratch: true)
    isReusable.insert(register)
    return register
  }

  /// Notes that an instruction about to be added reads `node`; its register may be the target.
  private mutating func release(_ node: Int) {
    if let left = uses[node] {
      uses[node] = left - 1
      if left == 1, case .register(let register)? = places[node], isReusable.contains(register) {
        free.append(register)
      }
    }
    if isArray(node) { lastRead[node] = instructions.count }
  }

  private func isArray(_ node: Int) -> Bool {
    materialised.isMaterialised[node] && !roots.contains(node)
  }

  private mutating func scalar(_ scalar: Scalar) -> Place {
    if let index = scalars.firstIndex(of: scalar) { return .scalar(Int32(index)) }
    scalars.append(scalar)
    precondition(scalars.count <= ce_maximum_scalars, "too many scalars in one pass")
    return .scalar(Int32(scalars.count - 1))
  }

  // MARK: Values

  /// Makes sure that a node's value is somewhere and says where.
  private mutating func place(of node: Int) -> Place {
    if let place = places[node] { return place }
    let place: Place
    if isArray(node) {
      let register = newRegister(scratch: false)
      loads.append(Load(node: node, register: register, pattern: nil))
      place = .register(register)
    } else {
      switch graph.nodes[node].kind {
      case .constant(let number): place = scalar(.number(Float(number)))
      case .broadcast(let pattern):
        let source = graph.nodes[node].operands[0]
        spreadSources.insert(source)
        if graph.nodes[source].count == 1 {
          place = scalar(.node(source))
        } else {
          let register = newRegister(scratch: true)
          loads.append(Load(node: source, register: register, pattern: pattern))
          place = .register(register)
        }
      case .copy, .head, .unary, .binary, .select: return compute(node)
      case .input, .reduce, .heavy: preconditionFailure("node \(node) has no place in this pass")
      }
    }
    places[node] = place
    return place
  }

  private mutating func emit(root: Int) {
    guard places[root] == nil || !roots.contains(root) else { return }
    let node = graph.nodes[root]
    switch node.kind {
    case .reduce(let pattern):
      let register = vector(node.operands[0])
      release(node.operands[0])
      let index = Int32(reductions.count)
      reductions.append(Reduction(node: root, pattern: pattern))
      instructions.append(
        ce_instruction(opcode: .reduce, target: index, a: register, b: 0, c: 0))
    case .constant, .broadcast:
      // A root that is only stored.
      let place = place(of: root)
      places[root] = nil
      append(copyOf: place, as: root)
    case .copy, .head, .unary, .binary, .select: _ = compute(root)
    case .input, .heavy: preconditionFailure("node \(root) is not made by a pass")
    }
  }

  private mutating func append(copyOf place: Place, as node: Int) {
    switch place {
    case .register(let register): append(.copy, node, [], register)
    case .scalar(let scalar): append(.copy_s, node, [], scalar)
    }
  }

  /// A register that holds the node's value, also where it is a single number.
  private mutating func vector(_ node: Int) -> Int32 {
    switch place(of: node) {
    case .register(let register): return register
    case .scalar(let scalar):
      let register = newRegister(scratch: true)
      instructions.append(
        ce_instruction(opcode: .copy_s, target: register, a: scalar, b: 0, c: 0))
      return register
    }
  }

  /// Adds an instruction whose result is `node`, which reads `operands`.
  private mutating func append(
    _ opcode: ce_opcode, _ node: Int, _ operands: [Int], _ a: Int32, _ b: Int32 = 0, _ c: Int32 = 0
  ) {
    for operand in operands { release(operand) }
    let isStored = roots.contains(node)
    let isDirect = isStored && !deferred.contains(node)
    let target: Int32
    if isDirect {
      target = newRegister(scratch: false)
    } else if isStored {
      target = newRegister(scratch: true)
    } else {
      target = temporary()
    }
    instructions.append(ce_instruction(opcode: opcode, target: target, a: a, b: b, c: c))
    if isDirect {
      stores.append(Store(node: node, register: target, instruction: instructions.count - 1))
    } else if isStored {
      lateCopies.append((node, target))
    }
    places[node] = .register(target)
  }

  private mutating func compute(_ node: Int) -> Place {
    let operands = graph.nodes[node].operands
    switch graph.nodes[node].kind {
    case .copy, .head: append(.copy, node, operands, vector(operands[0]))
    case .unary(let op): append(op.opcode, node, operands, vector(operands[0]))
    case .binary(let op): compute(op, node, operands)
    case .select: computeSelect(node, operands)
    case .input, .constant, .broadcast, .reduce, .heavy:
      preconditionFailure("node \(node) is not elementwise")
    }
    return places[node]!
  }

  private mutating func compute(_ op: Op.Binary, _ node: Int, _ operands: [Int]) {
    if op == .add, computeMultiplyAdd(node, operands) { return }
    let (first, second) = (place(of: operands[0]), place(of: operands[1]))
    switch (first, second) {
    case (.register(let a), .register(let b)): append(op.opcode, node, operands, a, b)
    case (.register(let a), .scalar(let s)): append(op.opcodeWithScalar, node, operands, a, s)
    case (.scalar(let s), .register(let b)): append(op.opcodeOfScalar, node, operands, b, s)
    case (.scalar, .scalar):
      let a = vector(operands[0])
      let b = vector(operands[1])
      append(op.opcode, node, operands, a, b)
    }
  }

  /// a·b + c in one instruction, where the product is needed nowhere else.
  private mutating func computeMultiplyAdd(_ node: Int, _ operands: [Int]) -> Bool {
    for (product, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
      guard graph.nodes[product].kind == .binary(.multiply), product != other,
        isComputedHere(product), !roots.contains(product), places[product] == nil,
        uses[product] == 1
      else { continue }
      let factors = graph.nodes[product].operands
      let all = factors + [other]
      switch (place(of: factors[0]), place(of: factors[1]), place(of: other)) {
      case (.register(let a), .register(let b), .register(let c)):
        append(.multiply_add, node, all, a, b, c)
      case (.register(let a), .scalar(let s), .register(let c)),
        (.scalar(let s), .register(let a), .register(let c)):
        append(.multiply_add_s, node, all, a, s, c)
      case (.register(let a), .register(let b), .scalar(let t)):
        append(.multiply_add_vs, node, all, a, b, t)
      case (.register, .scalar, .scalar), (.scalar, .register, .scalar), (.scalar, .scalar, _):
        continue
      }
      return true
    }
    return false
  }

  private mutating func computeSelect(_ node: Int, _ operands: [Int]) {
    let mask = vector(operands[0])
    switch (place(of: operands[1]), place(of: operands[2])) {
    case (.register(let b), .register(let c)): append(.select, node, operands, mask, b, c)
    case (.register(let b), .scalar(let t)): append(.select_vs, node, operands, mask, b, t)
    case (.scalar(let s), .register(let c)): append(.select_sv, node, operands, mask, s, c)
    case (.scalar(let s), .scalar(let t)): append(.select_ss, node, operands, mask, s, t)
    }
  }
}

extension Op.Unary {
  fileprivate var opcode: ce_opcode {
    switch self {
    case .negate: .negate
    case .exp: .exp
    case .log: .log
    case .logPlusOne: .log_plus_one
    case .tanh: .tanh
    case .logistic: .logistic
    case .squareRoot: .square_root
    case .reciprocalSquareRoot: .reciprocal_square_root
    }
  }
}

extension Op.Binary {
  fileprivate var opcode: ce_opcode {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .maximum: .maximum
    case .greater: .greater
    }
  }

  /// The second operand is a scalar.
  fileprivate var opcodeWithScalar: ce_opcode {
    switch self {
    case .add: .add_s
    case .subtract: .subtract_s
    case .multiply: .multiply_s
    case .divide: .divide_s
    case .maximum: .maximum_s
    case .greater: .greater_s
    }
  }

  /// The first operand is a scalar; the register is the second.
  fileprivate var opcodeOfScalar: ce_opcode {
    switch self {
    case .add: .add_s
    case .subtract: .subtract_from_s
    case .multiply: .multiply_s
    case .divide: .divide_into_s
    case .maximum: .maximum_of_s
    case .greater: .greater_of_s
    }
  }
}
