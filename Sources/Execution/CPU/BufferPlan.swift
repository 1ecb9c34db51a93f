/// What needs memory in the arena, and from which step to which.
struct BufferPlan: Sendable {
  private(set) var items: [MemoryPlan.Item] = []
  private(set) var itemOfNode: [Int: Int] = [:]
  /// The item of each step's scratch.
  private(set) var scratchItems: [Int] = []

  init(_ schedule: Schedule, _ graph: FusionGraph) {
    let steps = schedule.steps
    var lastUse: [Int: Int] = [:]
    for (position, step) in steps.enumerated() {
      for node in step.writes + Array(step.reads) { lastUse[node] = position }
    }
    for output in graph.outputs { lastUse[output.node] = steps.count }

    /// Arrays that share memory, each the successor of the one before.
    var chains: [(first: Int, last: Int, count: Int)] = []
    var chainOfNode: [Int: Int] = [:]
    for (position, step) in steps.enumerated() {
      // Arrays that are read for the last time can be overwritten by a pass, one by one result.
      var ending: [Int] = []
      if case .fused = step.work {
        ending = step.reads.filter { lastUse[$0] == position && chainOfNode[$0] != nil }.sorted()
      }
      for node in step.writes where schedule.replacements[node] == nil {
        let (count, last) = (graph.nodes[node].count, lastUse[node] ?? position)
        let match = ending.firstIndex { other in
          guard case .fused(_, let code) = step.work else { return false }
          return graph.nodes[other].count == count && code.mayReplace(other, by: node)
        }
        if let match, let chain = chainOfNode[ending[match]] {
          ending.remove(at: match)
          chains[chain].last = last
          chainOfNode[node] = chain
        } else {
          chainOfNode[node] = chains.count
          chains.append((position, last, count))
        }
      }
    }
    for chain in chains {
      items.append(
        MemoryPlan.Item(
          bytes: chain.count * MemoryLayout<Float>.size, first: chain.first, last: chain.last))
    }
    itemOfNode = chainOfNode
    for (position, step) in steps.enumerated() {
      scratchItems.append(items.count)
      items.append(MemoryPlan.Item(bytes: step.scratchBytes, first: position, last: position))
    }
  }
}
