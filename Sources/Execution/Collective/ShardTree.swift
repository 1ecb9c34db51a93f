/// The fixed binary tree along which numbers of S shards are summed.
///
/// A node covers `size` shards, a power of two, from a multiple of `size` on; those beyond the last
/// shard are missing. The sum of a node is that of its first half plus that of its second. Which
/// process adds changes nothing: the same additions are made for any number of processes.
package struct ShardTree: Hashable, Sendable {
  package let shards: Int

  package struct Node: Hashable, Sendable {
    package let first: Int
    package let size: Int

    package init(first: Int, size: Int) {
      self.first = first
      self.size = size
    }

    fileprivate var halves: (Node, Node) {
      (Node(first: first, size: size / 2), Node(first: first + size / 2, size: size / 2))
    }
  }

  /// - Parameter shards: at least 1.
  package init(shards: Int) {
    precondition(shards >= 1, "\(shards) shards")
    self.shards = shards
  }

  package var root: Node {
    var size = 1
    while size < shards { size *= 2 }
    return Node(first: 0, size: size)
  }

  /// The shards that a process computes: those of all processes are disjoint, and none is missing.
  package func shards(of rank: Int, among ranks: Int) -> Range<Int> {
    (rank * shards / ranks)..<((rank + 1) * shards / ranks)
  }

  /// The fewest nodes whose shards are those of `range`, ascending.
  package func nodes(covering range: Range<Int>) -> [Node] {
    nodes(covering: range, below: root)
  }

  private func nodes(covering range: Range<Int>, below node: Node) -> [Node] {
    let end = min(node.first + node.size, shards)
    guard node.first < end, node.first < range.upperBound, end > range.lowerBound else { return [] }
    if range.lowerBound <= node.first, end <= range.upperBound { return [node] }
    let (left, right) = node.halves
    return nodes(covering: range, below: left) + nodes(covering: range, below: right)
  }

  /// The way from a node down to its last shard: the nodes to whose sums that shard's numbers are
  /// added, from the top, and the shard.
  package func wayToLastShard(of node: Node) -> (beside: [Node], shard: Int) {
    var (node, beside) = (node, [Node]())
    while node.size > 1 {
      let (left, right) = node.halves
      if right.first < shards { beside.append(left) }
      node = right.first < shards ? right : left
    }
    return (beside, node.first)
  }

  /// The sum of a node, from what `value` gives for some of its nodes, which it is asked for from
  /// the root down and from left to right; nil where only the node's halves are known.
  ///
  /// No more sums are kept than the tree is high.
  package func sum<Failure: Error>(
    _ node: Node, of value: (Node) throws(Failure) -> [Float]?
  ) throws(Failure) -> [Float] {
    try sum(node, of: value) { (sum, other) throws(Failure) in
      precondition(sum.count == other.count, "\(sum.count) and \(other.count) numbers")
      sum.add(other)
    }
  }

  /// The same of anything that can be added.
  package func sum<Value, Failure: Error>(
    _ node: Node, of value: (Node) throws(Failure) -> Value?,
    adding: (inout Value, Value) throws(Failure) -> Void
  ) throws(Failure) -> Value {
    if let value = try value(node) { return value }
    precondition(node.size > 1, "shard \(node.first) has no value")
    let (left, right) = node.halves
    var sum = try sum(left, of: value, adding: adding)
    if right.first < shards { try adding(&sum, try self.sum(right, of: value, adding: adding)) }
    return sum
  }
}

extension [Float] {
  /// Adds element by element.
  package mutating func add(_ other: [Float]) {
    other.withUnsafeBufferPointer { other in
      withUnsafeMutableBufferPointer { own in
        for index in own.indices { own[index] += other[index] }
      }
    }
  }
}
