/// The elementwise part of a graph, grouped into passes over memory.
///
/// Roots (nodes with memory of their own) over the same index space that read the same arrays, or
/// one of which is computed from another, are made in one pass: both sums of a batchnorm, or the
/// moments and the parameter of an Adam step.
struct FusionGroups: Sendable {
  /// In an order in which operands come before what needs them.
  private(set) var steps: [Step] = []
  /// The step that makes a node; −1 for inputs and for what has no memory.
  private(set) var stepOfNode: [Int]
  private(set) var anchors: FusionAnchors

  enum Step: Sendable {
    /// The instruction's node.
    case heavy(node: Int)
    case fused(Group)
  }

  /// One pass over an index space of `count` elements.
  struct Group: Sendable {
    let count: Int
    /// Elements of each part that is summed by itself; `count` where sums run over everything.
    var segment: Int?
    /// The size that sums keep, where it is not 1.
    var kept: Int?
    var roots: [Int]
    /// The nodes with memory that it reads.
    var leaves: Set<Int>
    /// Those of them that it reads element by element.
    var arrays: Set<Int>
    var instructions: Int
  }

  /// Larger passes gain nothing; with this limit the kernels' tables of registers always suffice.
  static let maximumInstructions = 72
  private static let maximumRoots = 16
  /// Passes over as few elements as this take no time worth saving: they are not put together where
  /// one would have to wait, as the statistics of a batchnorm on real images would for those on
  /// generated ones.
  private static let smallCount = 4096
  /// How often grouping is done again with more nodes stored.
  private static let maximumRounds = 8

  init(_ graph: FusionGraph) {
    var anchors = FusionAnchors(graph)
    var grouping = Grouping(graph, anchors)
    for _ in 0..<Self.maximumRounds {
      let stored = grouping.nodesToStore()
      if stored.isEmpty { break }
      for node in stored { anchors.add(node) }
      grouping = Grouping(graph, anchors)
    }
    self.anchors = anchors
    self.steps = grouping.steps
    self.stepOfNode = grouping.stepOfNode
  }

  /// Builds the groups for given anchors.
  private struct Grouping {
    let graph: FusionGraph
    let anchors: FusionAnchors
    var steps: [Step] = []
    var stepOfNode: [Int]
    /// For each step all the steps that must run before it.
    var dependencies: [StepSet] = []
    /// The groups that read an array, the latest last.
    var readers: [Int: [Int]] = [:]

    init(_ graph: FusionGraph, _ anchors: FusionAnchors) {
      self.graph = graph
      self.anchors = anchors
      stepOfNode = [Int](repeating: -1, count: graph.nodes.count)
      for index in graph.nodes.indices where anchors.isLive[index] && anchors.isAnchor[index] {
        if anchors.isRoot(index, in: graph) {
          addRoot(index)
        } else if case .heavy = graph.nodes[index].kind {
          stepOfNode[index] = steps.count
          steps.append(.heavy(node: index))
          var needed = StepSet()
          for operand in graph.nodes[index].operands { insert(stepOfNode[operand], into: &needed) }
          dependencies.append(needed)
        }
      }
    }

    private func insert(_ step: Int, into set: inout StepSet) {
      guard step >= 0 else { return }
      set.formUnion(dependencies[step])
      set.insert(step)
    }

    private mutating func addRoot(_ root: Int) {
      let tree = Tree(root, graph, anchors)
      var single = Group(
        count: tree.count, segment: nil, kept: nil, roots: [root],
        leaves: tree.arrays.union(tree.sources), arrays: tree.arrays,
        instructions: tree.instructions)
      if case .reduce(let pattern) = graph.nodes[root].kind {
        single.segment = pattern.reduced * pattern.kept
        single.kept = pattern.kept == 1 ? nil : pattern.kept
      }
      var candidates: Set<Int> = []
      for array in tree.arrays {
        candidates.formUnion(readers[array] ?? [])
        if stepOfNode[array] >= 0 { candidates.insert(stepOfNode[array]) }
      }
      var chosen: (step: Int, merged: Group)?
      for candidate in candidates.sorted(by: >) where chosen == nil {
        if single.count <= FusionGroups.smallCount, waitsForMore(single, than: candidate) {
          continue
        }
        chosen = merge(single, into: candidate).map { (candidate, $0) }
      }
      let step: Int
      if let (existing, merged) = chosen {
        step = existing
        steps[step] = .fused(merged)
        var needed = dependencies[step]
        for leaf in single.leaves where stepOfNode[leaf] != step {
          insert(stepOfNode[leaf], into: &needed)
        }
        dependencies[step] = needed
        for other in dependencies.indices where dependencies[other].contains(step) {
          dependencies[other].formUnion(needed)
        }
      } else {
        step = steps.count
        steps.append(.fused(single))
        var needed = StepSet()
        for leaf in single.leaves { insert(stepOfNode[leaf], into: &needed) }
        dependencies.append(needed)
      }
      stepOfNode[root] = step
      for array in tree.arrays where readers[array]?.contains(step) != true {
        readers[array, default: []].append(step)
      }
    }

    /// The group that makes also `group`'s root, or nil where that cannot be.
    private func merge(_ group: Group, into step: Int) -> Group? {
      guard case .fused(var merged) = steps[step], merged.count == group.count,
        merged.instructions + group.instructions <= FusionGroups.maximumInstructions,
        merged.roots.count < FusionGroups.maximumRoots
      else { return nil }
      for (mine, other) in [(merged.segment, group.segment), (merged.kept, group.kept)] {
        if let mine, let other, mine != other { return nil }
      }
      merged.segment = merged.segment ?? group.segment
      merged.kept = merged.kept ?? group.kept
      for leaf in group.leaves {
        let producer = stepOfNode[leaf]
        if producer < 0 { continue }
        if producer == step {
          // Made in the same pass: only element by element, and not a sum.
          guard group.arrays.contains(leaf), graph.nodes[leaf].count == group.count else {
            return nil
          }
          if case .reduce = graph.nodes[leaf].kind { return nil }
          if readsAsSource(leaf, group) { return nil }
        } else if dependencies[producer].contains(step) {
          return nil
        }
      }
      merged.roots += group.roots
      merged.leaves.formUnion(group.leaves)
      merged.arrays.formUnion(group.arrays)
      merged.instructions += group.instructions
      return merged
    }

    /// Whether the group needs steps that the given one does not wait for.
    private func waitsForMore(_ group: Group, than step: Int) -> Bool {
      group.leaves.contains { leaf in
        let producer = stepOfNode[leaf]
        return producer >= 0 && producer != step && !dependencies[step].contains(producer)
      }
    }

    /// Whether a root of the group also reads the leaf as the source of a broadcast.
    private func readsAsSource(_ leaf: Int, _ group: Group) -> Bool {
      Tree(group.roots[0], graph, anchors).sources.contains(leaf)
    }

    // MARK: What to store

    /// Nodes that several groups compute though it costs them much.
    func nodesToStore() -> [Int] {
      var groupsOfNode: [Int: Set<Int>] = [:]
      for (step, kind) in steps.enumerated() {
        guard case .fused(let group) = kind else { continue }
        for root in group.roots {
          for node in Tree(root, graph, anchors).nodes {
            groupsOfNode[node, default: []].insert(step)
          }
        }
      }
      var stored: [Int] = []
      for (node, groups) in groupsOfNode where groups.count > 1 && !anchors.isAnchor[node] {
        guard graph.nodes[node].kind.isElementwise else { continue }
        if graph.nodes[node].kind.isTranscendental {
          stored.append(node)
          continue
        }
        let tree = Tree(node, graph, anchors)
        if tree.arrays.count > FusionAnchors.maximumLeaves
          || tree.instructions > FusionAnchors.maximumInstructions
        {
          stored.append(node)
        }
      }
      // Only the innermost: when they are stored, what is made of them may be cheap.
      let candidates = Set(stored)
      return stored.sorted().filter { node in
        !Tree(node, graph, anchors).nodes.contains { $0 != node && candidates.contains($0) }
      }
    }
  }
}

/// What a root is computed from: nodes without memory down to the anchors.
struct Tree {
  /// Elements of the index space.
  let count: Int
  private(set) var nodes: Set<Int> = []
  /// Anchors that are read element by element.
  private(set) var arrays: Set<Int> = []
  /// Anchors that are read as broadcasts.
  private(set) var sources: Set<Int> = []
  var instructions: Int { nodes.count }

  init(_ root: Int, _ graph: FusionGraph, _ anchors: FusionAnchors) {
    if case .reduce = graph.nodes[root].kind {
      count = graph.nodes[graph.nodes[root].operands[0]].count
      var pending = [graph.nodes[root].operands[0]]
      grow(&pending, graph, anchors)
    } else {
      count = graph.nodes[root].count
      nodes.insert(root)
      var pending: [Int] = []
      expand(root, graph, &pending)
      grow(&pending, graph, anchors)
    }
  }

  private mutating func grow(
    _ pending: inout [Int], _ graph: FusionGraph, _ anchors: FusionAnchors
  ) {
    while let node = pending.popLast() {
      if anchors.isAnchor[node] {
        arrays.insert(node)
      } else if nodes.insert(node).inserted {
        expand(node, graph, &pending)
      }
    }
  }

  private mutating func expand(_ node: Int, _ graph: FusionGraph, _ pending: inout [Int]) {
    if case .broadcast = graph.nodes[node].kind {
      sources.insert(graph.nodes[node].operands[0])
    } else {
      pending += graph.nodes[node].operands
    }
  }
}

/// A set of steps, one bit each.
struct StepSet: Sendable {
  private var words: [UInt64] = []

  func contains(_ step: Int) -> Bool {
    let word = step / 64
    return word < words.count && words[word] & (1 << UInt64(step % 64)) != 0
  }

  mutating func insert(_ step: Int) {
    let word = step / 64
    while words.count <= word { words.append(0) }
    words[word] |= 1 << UInt64(step % 64)
  }

  mutating func formUnion(_ other: StepSet) {
    while words.count < other.words.count { words.append(0) }
    for index in other.words.indices { words[index] |= other.words[index] }
  }
}
