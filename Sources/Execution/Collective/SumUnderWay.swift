/// A sum over all shards on its way through two exchanges.
///
/// Each process adds up one part of the numbers: the first exchange brings that part of every
/// other's sums, the second gives its result to all. So each sends and receives 2·(R − 1)/R times
/// the numbers, where its shards are one node of the tree.
struct SumUnderWay {
  private let tree: ShardTree
  private let collective: any Collective
  /// Numbers of the whole sum.
  private let length: Int
  /// For each node of this process its sum of this process's part.
  private var own: [ShardTree.Node: [Float]]
  /// The same of other processes, which the first exchange brings.
  private var received: [(node: ShardTree.Node, part: Numbers)]
  private var latest: Exchange
  /// The parts of the result, after `addUp`: this process's, and those that the second exchange brings.
  private var result: (own: [Float], others: [Numbers]) = ([], [])

  /// Begins the first exchange.
  ///
  /// - Parameters:
  ///   - sums: for each of the nodes that cover this process's shards, in their order; equally many
  ///     numbers for each, on all processes.
  ///   - collective: at least two processes, and at most as many as shards.
  init(
    of sums: [[Float]], over tree: ShardTree, among collective: any Collective
  ) throws(CollectiveProblem) {
    let (rank, count) = (collective.rank, collective.count)
    guard let length = sums.first?.count else {
      preconditionFailure("process \(rank) of \(count) has no shard")
    }
    (self.tree, self.collective, self.length) = (tree, collective, length)
    let nodes = (0..<count).map { tree.nodes(covering: tree.shards(of: $0, among: count)) }
    let parts = (0..<count).map { Self.part($0, of: length, among: count) }
    let others = collective.others
    own = Dictionary(uniqueKeysWithValues: zip(nodes[rank], sums.map { Array($0[parts[rank]]) }))
    received = others.flatMap { other in
      nodes[other].map { ($0, Numbers(rank: other, count: parts[rank].count)) }
    }
    let sends = others.flatMap { other in
      sums.map { Numbers(rank: other, Array($0[parts[other]])) }
    }
    latest = try collective.begin(Messages(sends: sends, receives: received.map(\.part)))
  }

  /// Ends the first exchange, and begins the second.
  mutating func addUp() throws(CollectiveProblem) {
    try collective.wait(for: latest)
    var known = own
    for (node, part) in received { known[node] = part.elements }
    let sum = tree.sum(tree.root) { known[$0] }
    (own, received) = ([:], [])
    let others = collective.others
    result = (sum, others.map { Numbers(rank: $0, count: part($0).count) })
    latest = try collective.begin(
      Messages(sends: others.map { Numbers(rank: $0, sum) }, receives: result.others))
  }

  /// Ends the second exchange.
  func total() throws(CollectiveProblem) -> [Float] {
    try collective.wait(for: latest)
    var all = [Float](repeating: 0, count: length)
    all.replaceSubrange(part(collective.rank), with: result.own)
    for numbers in result.others {
      all.replaceSubrange(part(numbers.rank), with: numbers.elements)
    }
    return all
  }

  private func part(_ rank: Int) -> Range<Int> {
    Self.part(rank, of: length, among: collective.count)
  }

  /// The part of so many numbers that a process adds up.
  private static func part(_ rank: Int, of length: Int, among count: Int) -> Range<Int> {
    (rank * length / count)..<((rank + 1) * length / count)
  }
}
