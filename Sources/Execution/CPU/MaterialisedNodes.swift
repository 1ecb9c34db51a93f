/// Which nodes have memory of their own.
///
/// All others are computed again in each pass that needs them: arithmetic is cheap, memory is not.
struct MaterialisedNodes: Sendable {
  /// For each node of the graph.
  private(set) var isMaterialised: [Bool]
  /// Whether any output depends on the node.
  let isLive: [Bool]

  /// A result that is computed again must not read more arrays of its own size than this.
  static let maximumLeaves = 3
  /// Nor take more instructions.
  static let maximumInstructions = 48

  /// Those that the program itself asks for: inputs, outputs, the operands and results of
  /// passes that are not elementwise, sums, and the sources of broadcasts.
  init(_ graph: FusionGraph) {
    let nodes = graph.nodes
    var isLive = [Bool](repeating: false, count: nodes.count)
    for output in graph.outputs { isLive[output.node] = true }
    for index in nodes.indices.reversed() where isLive[index] {
      for operand in nodes[index].operands { isLive[operand] = true }
    }
    var isMaterialised = [Bool](repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() where isLive[index] {
      switch node.kind {
      case .input, .reduce: isMaterialised[index] = true
      case .heavy:
        isMaterialised[index] = true
        for operand in node.operands { isMaterialised[operand] = true }
      case .broadcast, .head: isMaterialised[node.operands[0]] = true
      case .constant, .copy, .unary, .binary, .select: break
      }
    }
    for output in graph.outputs { isMaterialised[output.node] = true }
    self.isLive = isLive
    self.isMaterialised = isMaterialised
    boundTrees(in: graph)
  }

  /// Stores the operands of what would take more instructions than one pass has.
  private mutating func boundTrees(in graph: FusionGraph) {
    for (index, node) in graph.nodes.enumerated() where isLive[index] && node.kind.isElementwise {
      let tree = Tree(index, graph, self)
      guard tree.instructions > FusionGroups.maximumInstructions else { continue }
      for operand in node.operands where graph.nodes[operand].kind.isElementwise {
        isMaterialised[operand] = true
      }
    }
  }

  mutating func add(_ node: Int) { isMaterialised[node] = true }

  /// Whether the node is made by a pass (and not by a heavy pass, nor given).
  func isRoot(_ index: Int, in graph: FusionGraph) -> Bool {
    guard isMaterialised[index], isLive[index] else { return false }
    switch graph.nodes[index].kind {
    case .input, .heavy: return false
    case .constant, .copy, .head, .unary, .binary, .select, .broadcast, .reduce: return true
    }
  }
}
