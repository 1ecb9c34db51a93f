/// The elementwise part of a graph, grouped into passes over memory.
///
/// Roots (nodes with memory of their own) over the same index space that read the same arrays, or
/// one of which is computed from another, are made in one pass: both sums of a batchnorm, or the
/// moments and the parameter of an Adam pass.
struct FusionGroups: Sendable {
  /// In an order in which operands come before what needs them.
  private(set) var passes: [Pass] = []
  /// The pass that makes a node; −1 for inputs and for what has no memory.
  private(set) var passOfNode: [Int]
  private(set) var materialised: MaterialisedNodes

  enum Pass: Sendable {
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
    var materialised = MaterialisedNodes(graph)
    var grouping = Grouping(graph, materialised)
    for _ in 0..<Self.maximumRounds {
      let stored = grouping.nodesToStore()
      if stored.isEmpty { break }
      for node in stored { materialised.add(node) }
      grouping = Grouping(graph, materialised)
    }
    self.materialised = materialised
    self.passes = grouping.passes
    self.passOfNode = grouping.passOfNode
  }

  /// Builds the groups for the given materialised nodes.
  private struct Grouping {
    let graph: FusionGraph
    let materialised: MaterialisedNodes
    var passes: [Pass] = []
    var passOfNode: [Int]
    /// For each pass all the passes that must run before it.
    var dependencies: [PassSet] = []
    /// The groups that read an array, the latest last.
    var readers: [Int: [Int]] = [:]

    init(_ graph: FusionGraph, _ materialised: MaterialisedNodes) {
      self.graph = graph
      self.materialised = materialised
      passOfNode = [Int](repeating: -1, count: graph.nodes.count)
      for index in graph.nodes.indices
      where materialised.isLive[index] && materialised.isMaterialised[index] {
        if materialised.isRoot(index, in: graph) {
          addRoot(index)
        } else if case .heavy = graph.nodes[index].kind {
          passOfNode[index] = passes.count
          passes.append(.heavy(node: index))
          var needed = PassSet()
          for operand in graph.nodes[index].operands { insert(passOfNode[operand], into: &needed) }
          dependencies.append(needed)
        }
      }
    }

    private func insert(_ pass: Int, into set: inout PassSet) {
      guard pass >= 0 else { return }
      set.formUnion(dependencies[pass])
      set.insert(pass)
    }

    private mutating func addRoot(_ root: Int) {
      let tree = Tree(root, graph, materialised)
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
        if passOfNode[array] >= 0 { candidates.insert(passOfNode[array]) }
      }
      var chosen: (pass: Int, merged: Group)?
      for candidate in candidates.sorted(by: >) where chosen == nil {
        if single.count <= FusionGroups.smallCount, waitsForMore(single, than: candidate) {
          continue
        }
        chosen = merge(single, into: candidate).map { (candidate, $0) }
      }
      let pass: Int
      if let (existing, merged) = chosen {
        pass = existing
        passes[pass] = .fused(merged)
        var needed = dependencies[pass]
        for leaf in single.leaves where passOfNode[leaf] != pass {
          insert(passOfNode[leaf], into: &needed)
        }
        // Mostly nothing is new, and then nothing is new for the passes after it either.
        if !needed.isSubset(of: dependencies[pass]) {
          dependencies[pass] = needed
          for other in dependencies.indices where dependencies[other].contains(pass) {
            dependencies[other].formUnion(needed)
          }
        }
      } else {
        pass = passes.count
        passes.append(.fused(single))
        var needed = PassSet()
        for leaf in single.leaves { insert(passOfNode[leaf], into: &needed) }
        dependencies.append(needed)
      }
      passOfNode[root] = pass
      for array in tree.arrays where readers[array]?.contains(pass) != true {
        readers[array, default: []].append(pass)
      }
    }

    /// The group that makes also `group`'s root, or nil where that cannot be.
    private func merge(_ group: Group, into pass: Int) -> Group? {
      guard case .fused(var merged) = passes[pass], merged.count == group.count,
        merged.instructions + group.instructions <= FusionGroups.maximumInstructions,
        merged.roots.count < FusionGroups.maximumRoots
      else { return nil }
      for (mine, other) in [(merged.segment, group.segment), (merged.kept, group.kept)] {
        if let mine, let other, mine != other { return nil }
      }
      merged.segment = merged.segment ?? group.segment
      merged.kept = merged.kept ?? group.kept
      for leaf in group.leaves {
        let producer = passOfNode[leaf]
        if producer < 0 { continue }
        if producer == pass {
          // Made in the same pass: only element by element, and not a sum.
          guard group.arrays.contains(leaf), graph.nodes[leaf].count == group.count else {
            return nil
          }
          if case .reduce = graph.nodes[leaf].kind { return nil }
          if readsAsSource(leaf, group) { return nil }
        } else if dependencies[producer].contains(pass) {
          return nil
        }
      }
      merged.roots += group.roots
      merged.leaves.formUnion(group.leaves)
      merged.arrays.formUnion(group.arrays)
      merged.instructions += group.instructions
      return merged
    }

    /// Whether the group needs passes that the given one does not wait for.
    private func waitsForMore(_ group: Group, than pass: Int) -> Bool {
      group.leaves.contains { leaf in
        let producer = passOfNode[leaf]
        return producer >= 0 && producer != pass && !dependencies[pass].contains(producer)
      }
    }

    /// Whether a root of the group also reads the leaf as the source of a broadcast.
    private func readsAsSource(_ leaf: Int, _ group: Group) -> Bool {
      Tree(group.roots[0], graph, materialised).sources.contains(leaf)
    }

    // MARK: What to store

    /// Nodes that several groups compute though it costs them much.
    func nodesToStore() -> [Int] {
      var groupsOfNode: [Int: Set<Int>] = [:]
      for (pass, kind) in passes.enumerated() {
        guard case .fused(let group) = kind else { continue }
        for root in group.roots {
          for node in Tree(root, graph, materialised).nodes {
            groupsOfNode[node, default: []].insert(pass)
          }
        }
      }
      var stored: [Int] = []
      for (node, groups) in groupsOfNode
      where groups.count > 1 && !materialised.isMaterialised[node] {
        guard graph.nodes[node].kind.isElementwise else { continue }
        if graph.nodes[node].kind.isTranscendental {
          stored.append(node)
          continue
        }
        let tree = Tree(node, graph, materialised)
        if tree.arrays.count > MaterialisedNodes.maximumLeaves
          || tree.instructions > MaterialisedNodes.maximumInstructions
        {
          stored.append(node)
        }
      }
      // Only the innermost: when they are stored, what is made of them may be cheap.
      let candidates = Set(stored)
      return stored.sorted().filter { node in
        !Tree(node, graph, materialised).nodes.contains { $0 != node && candidates.contains($0) }
      }
    }
  }
}

/// What a root is computed from: nodes without memory down to the materialised ones.
struct Tree {
  /// Elements of the index space.
  let count: Int
  private(set) var nodes: Set<Int> = []
  /// Materialised nodes that are read element by element.
  private(set) var arrays: Set<Int> = []
  /// Materialised nodes that are read as broadcasts.
  private(set) var sources: Set<Int> = []
  var instructions: Int { nodes.count }

  init(_ root: Int, _ graph: FusionGraph, _ materialised: MaterialisedNodes) {
    if case .reduce = graph.nodes[root].kind {
      count = graph.nodes[graph.nodes[root].operands[0]].count
      var pending = [graph.nodes[root].operands[0]]
      grow(&pending, graph, materialised)
    } else {
      count = graph.nodes[root].count
      nodes.insert(root)
      var pending: [Int] = []
      expand(root, graph, &pending)
      grow(&pending, graph, materialised)
    }
  }

  private mutating func grow(
    _ pending: inout [Int], _ graph: FusionGraph, _ materialised: MaterialisedNodes
  ) {
    while let node = pending.popLast() {
      if materialised.isMaterialised[node] {
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

/// A set of passes, one bit each.
struct PassSet: Sendable {
  private var words: [UInt64] = []

  func contains(_ pass: Int) -> Bool {
    let word = pass / 64
    return word < words.count && words[word] & (1 << UInt64(pass % 64)) != 0
  }

  func isSubset(of other: PassSet) -> Bool {
    words.indices.allSatisfy { index in
      words[index] & ~(index < other.words.count ? other.words[index] : 0) == 0
    }
  }

  mutating func insert(_ pass: Int) {
    let word = pass / 64
    while words.count <= word { words.append(0) }
    words[word] |= 1 << UInt64(pass % 64)
  }

  mutating func formUnion(_ other: PassSet) {
    while words.count < other.words.count { words.append(0) }
    for index in other.words.indices { words[index] |= other.words[index] }
  }
}
