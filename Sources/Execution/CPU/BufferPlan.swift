/// What needs memory in the arena, and from which pass to which.
struct BufferPlan: Sendable {
  private(set) var items: [MemoryPlan.Item] = []
  private(set) var itemOfNode: [Int: Int] = [:]
  /// The item of each pass's scratch.
  private(set) var scratchItems: [Int] = []

  init(_ schedule: Schedule, _ graph: FusionGraph) {
    let passes = schedule.passes
    var lastUse: [Int: Int] = [:]
    for (position, pass) in passes.enumerated() {
      for node in pass.writes + Array(pass.reads) { lastUse[node] = position }
    }
    for output in graph.outputs { lastUse[output.node] = passes.count }

    /// Arrays that share memory, each the successor of the one before.
    var chains: [(first: Int, last: Int, count: Int)] = []
    var chainOfNode: [Int: Int] = [:]
    for (position, pass) in passes.enumerated() {
      // Arrays that are read for the last time can be overwritten by a pass, one by one result.
      var ending: [Int] = []
      if case .fused = pass.work {
        ending = pass.reads.filter { lastUse[$0] == position && chainOfNode[$0] != nil }.sorted()
      }
      for node in pass.writes where schedule.replacements[node] == nil {
        let (count, last) = (graph.nodes[node].count, lastUse[node] ?? position)
        let match = ending.firstIndex { other in
          guard case .fused(_, let code) = pass.work else { return false }
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
    for (position, pass) in passes.enumerated() {
      scratchItems.append(items.count)
      items.append(MemoryPlan.Item(bytes: pass.scratchBytes, first: position, last: position))
    }
  }
}
