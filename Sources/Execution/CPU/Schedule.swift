import Program

/// The order of the passes, and which inputs are replaced in their own memory.
struct Schedule: Sendable {
  /// Passes in the order in which they run.
  let passes: [PassDraft]
  /// Nodes that are written straight into the memory of the input they replace: node → input.
  let replacements: [Int: Int]

  init(
    _ drafts: [PassDraft], _ program: Program, _ graph: FusionGraph, _ groups: FusionGroups
  ) throws(PlanError) {
    var builder = try ScheduleBuilder(drafts, program, graph, groups)
    try builder.addReplacements()
    replacements = builder.replacements
    passes = builder.bestOrder().map { builder.drafts[$0] }
  }
}

private struct ScheduleBuilder {
  var drafts: [PassDraft]
  let graph: FusionGraph
  let groups: FusionGroups
  var replacements: [Int: Int] = [:]
  /// For each pass those that must run before and after it.
  private var before: [Set<Int>]
  private var after: [Set<Int>]
  private var readers: [Int: [Int]] = [:]
  private var producer: [Int: Int] = [:]
  /// For each pass a number above those of all passes before it.
  private var levels: [Int]
  /// The search that has last come to a pass.
  private var lastSearch: [Int]
  private var searches = 0
  /// For each pass whether it is part of a gradient.
  private var isGradient: [Bool]

  init(
    _ drafts: [PassDraft], _ program: Program, _ graph: FusionGraph, _ groups: FusionGroups
  ) throws(PlanError) {
    self.drafts = drafts
    self.graph = graph
    self.groups = groups
    isGradient = drafts.map { program.instructions[$0.instruction].origin.part == .gradient }
    before = Array(repeating: [], count: drafts.count)
    after = before
    levels = Array(repeating: 0, count: drafts.count)
    lastSearch = levels
    for (pass, draft) in drafts.enumerated() {
      for node in draft.writes { producer[node] = pass }
      for node in draft.reads { readers[node, default: []].append(pass) }
    }
    for (pass, draft) in drafts.enumerated() {
      for node in draft.reads {
        if let other = producer[node] { addEdge(from: other, to: pass) }
      }
    }
  }

  private mutating func addEdge(from first: Int, to second: Int) {
    after[first].insert(second)
    before[second].insert(first)
    var pending = [(first, second)]
    while let (earlier, later) = pending.popLast() {
      guard levels[later] <= levels[earlier] else { continue }
      levels[later] = levels[earlier] + 1
      for next in after[later] { pending.append((later, next)) }
    }
  }

  // MARK: State

  /// Decides for each output that replaces an input whether it can be written in place: large ones
  /// first, since what one is granted may bar another.
  mutating func addReplacements() throws(PlanError) {
    var inputs: [String: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      if case .input(let name) = node.kind { inputs[name] = index }
    }
    var carried: [(node: Int, input: Int)] = []
    let states = graph.outputs.compactMap { output -> (node: Int, input: Int)? in
      guard let input = inputs[output.name], input != output.node else { return nil }
      return (output.node, input)
    }
    for state in states.sorted(by: {
      (graph.nodes[$0.node].count, $1.node) > (graph.nodes[$1.node].count, $0.node)
    }) {
      if replacements[state.node] == nil, replaceInPlace(state.input, by: state.node) {
        replacements[state.node] = state.input
      } else {
        carried.append(state)
      }
    }
    try addCarries(carried)
  }

  private mutating func replaceInPlace(_ input: Int, by node: Int) -> Bool {
    guard let writer = producer[node] else { return false }
    let others = (readers[input] ?? []).filter { $0 != writer }
    for other in others where isPath(from: writer, to: other) { return false }
    if drafts[writer].reads.contains(input), !allowReplacing(input, by: node, in: writer) {
      return false
    }
    for other in others { addEdge(from: other, to: writer) }
    return true
  }

  /// Whether a pass that reads `input` may write its result there; changes the pass's code so that
  /// it can.
  private mutating func allowReplacing(_ input: Int, by node: Int, in pass: Int) -> Bool {
    guard case .fused(let group, let code) = drafts[pass].work,
      !code.spreadSources.contains(input), graph.nodes[input].count == group.count
    else { return false }
    if case .reduce = graph.nodes[node].kind { return false }
    guard !code.mayReplace(input, by: node) else { return true }
    var deferred = code.deferred
    deferred.insert(node)
    let changed = FusedCode(group, graph, groups.materialised, deferred: deferred)
    drafts[pass] = PassDraft(
      work: .fused(group, changed), reads: drafts[pass].reads, writes: drafts[pass].writes,
      instruction: drafts[pass].instruction)
    return true
  }

  private mutating func isPath(from start: Int, to end: Int) -> Bool {
    searches += 1
    var pending = [start]
    while let pass = pending.popLast() {
      if pass == end { return true }
      // Levels rise along a path: what is as high as its end does not lead there.
      for next in after[pass]
      where lastSearch[next] != searches && (levels[next] < levels[end] || next == end) {
        lastSearch[next] = searches
        pending.append(next)
      }
    }
    return false
  }

  /// Copies to the memory of an input, after all that read it.
  private mutating func addCarries(_ carried: [(node: Int, input: Int)]) throws(PlanError) {
    for (node, input) in carried {
      let count = graph.nodes[node].count
      let copy = try Movement.copy(sizes: [count], from: [1], to: [1])
      drafts.append(
        PassDraft(
          work: .carry(copy, from: node, to: input), reads: [node], writes: [],
          instruction: graph.nodes[node].instruction))
      isGradient.append(false)
      before.append([])
      after.append([])
      levels.append(0)
      lastSearch.append(0)
      let pass = drafts.count - 1
      for other in readers[input] ?? [] { addEdge(from: other, to: pass) }
      if let other = producer[node] { addEdge(from: other, to: pass) }
    }
  }

  // MARK: Order

  /// The best of three orders: the program's own; one that always takes the pass that leaves the
  /// least memory in use; and one that makes things when a gradient asks for them, so that one
  /// branch (the discriminator on generated images) is done with before the next begins.
  func bestOrder() -> [Int] {
    let orders = [
      order { pass, _ in (0, drafts[pass].instruction) },
      order { pass, growth in (growth, drafts[pass].instruction) },
      order(by: demandPositions()),
    ]
    return orders.min { $0.peak < $1.peak }?.passes ?? []
  }

  private func order(by positions: [Int]) -> (passes: [Int], peak: Int) {
    order { pass, growth in (growth <= 0 ? 0 : 1, positions[pass]) }
  }

  /// The place of each pass if gradients are made in program order, and other passes just before the
  /// first gradient that needs them.
  private func demandPositions() -> [Int] {
    let byInstruction = drafts.indices.sorted { drafts[$0].instruction < drafts[$1].instruction }
    var positions = [Int](repeating: -1, count: drafts.count)
    var next = 0
    for root in byInstruction.filter({ isGradient[$0] }) + byInstruction {
      // A pass is entered, then its needs, then it is left with its place.
      var pending: [(pass: Int, isLeft: Bool)] = [(root, false)]
      while let (pass, isLeft) = pending.popLast() {
        guard positions[pass] < 0 else { continue }
        if isLeft {
          positions[pass] = next
          next += 1
          continue
        }
        pending.append((pass, true))
        let needs = before[pass].sorted { drafts[$0].instruction > drafts[$1].instruction }
        pending += needs.filter { positions[$0] < 0 }.map { ($0, false) }
      }
    }
    return positions
  }

  /// Passes are taken by `rank` among those that are ready; it is given a pass and the growth of
  /// memory by it.
  private func order(_ preference: (Int, Int) -> (Int, Int)) -> (passes: [Int], peak: Int) {
    var waiting = before.map(\.count)
    var uses: [Int: Int] = [:]
    for draft in drafts { for node in draft.reads { uses[node, default: 0] += 1 } }
    for output in graph.outputs { uses[output.node, default: 0] += 1 }
    var ready = drafts.indices.filter { waiting[$0] == 0 }
    var passes: [Int] = []
    var (inUse, peak) = (0, 0)
    /// The growth of memory by a pass: its results, less what nothing reads after it.
    func growth(_ pass: Int) -> Int {
      let made = drafts[pass].writes.filter { replacements[$0] == nil }
      let freed = drafts[pass].reads.filter { producer[$0] != nil && uses[$0] == 1 }
        .filter { replacements[$0] == nil }
      return made.reduce(0) { $0 + graph.nodes[$1].count }
        - freed.reduce(0) { $0 + graph.nodes[$1].count }
    }
    /// Updates of the state go first: they free gradients.
    func rank(_ pass: Int) -> (Int, Int, Int) {
      let isUpdate = drafts[pass].writes.contains { replacements[$0] != nil }
      let (first, second) = preference(pass, growth(pass))
      return (isUpdate ? 0 : 1, first, second)
    }
    while let next = ready.min(by: { rank($0) < rank($1) }) {
      ready.removeAll { $0 == next }
      passes.append(next)
      let made = drafts[next].writes.filter { replacements[$0] == nil }
      peak = max(
        peak, inUse + made.reduce(0) { $0 + graph.nodes[$1].count } + drafts[next].scratchBytes / 4)
      inUse += growth(next)
      for node in drafts[next].reads { uses[node, default: 0] -= 1 }
      for other in after[next] {
        waiting[other] -= 1
        if waiting[other] == 0 { ready.append(other) }
      }
    }
    precondition(passes.count == drafts.count, "the passes depend on each other in a circle")
    return (passes, peak)
  }
}

extension FusedCode {
  /// Whether the node's result may be written over an array that the pass reads: block by block,
  /// the array has been read by then.
  func mayReplace(_ array: Int, by node: Int) -> Bool {
    guard !spreadSources.contains(array) else { return false }
    return stores.contains { store in
      store.node == node && (lastRead[array] ?? -1) <= store.instruction
    }
  }
}
