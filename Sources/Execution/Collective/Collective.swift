/// The processes that train together, as one of them sees them.
///
/// Used from one thread at a time. All processes make the same calls in the same order.
package protocol Collective: AnyObject, Sendable {
  /// From 0; 0 leads: it writes files and talks.
  var rank: Int { get }
  /// Processes, at least 1.
  var count: Int { get }

  /// Sends and receives several messages at once, and waits for all of them.
  func exchange(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) throws(CollectiveProblem)
}

/// Why processes cannot work together.
package enum CollectiveProblem: Error, Hashable, Sendable {
  /// The launcher has started several processes, and the library knows only one.
  case otherLauncher(library: String, announced: Int, found: Int)
  /// Why each that was tried cannot be used.
  case noLibrary(launcher: String, reasons: [String])
  /// What the library says.
  case failed(reason: String)
  /// The processes do not run the same training.
  case different(rank: Int, what: String)
}

extension CollectiveProblem: CustomStringConvertible {
  /// What the library or the loader says; else the whole sentence.
  var reason: String {
    if case .failed(let reason) = self { reason } else { description }
  }

  package var description: String {
    switch self {
    case .otherLauncher(let library, let announced, let found):
      """
      the launcher has started \(announced) processes, but \(library) joins \(found) of them: it is \
      the library of another launcher; name the launcher's own in \(Launcher.variable)
      """
    case .noLibrary(let launcher, let reasons):
      "\(launcher) has started this process, but its library cannot be used; name its file in "
        + "\(Launcher.variable)" + reasons.map { "\n  \($0)" }.joined()
    case .failed(let reason): "between processes: \(reason)"
    case .different(let rank, let what):
      "process \(rank) has another \(what) than process 0; start all of them with the same arguments "
        + "and files"
    }
  }
}

/// A process that trains alone.
package final class Alone: Collective {
  package init() {}

  package var rank: Int { 0 }
  package var count: Int { 1 }

  package func exchange(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) {
    precondition(sends.isEmpty && receives.isEmpty, "messages of a process that is alone")
  }
}

extension Collective {
  /// The sum over all shards along the fixed tree, on every process: the same bits for any number
  /// of processes.
  ///
  /// Each process adds up one part of the numbers: it gets that part of every other's sums, and
  /// gives its result to all. So each sends and receives 2·(R − 1)/R times the numbers.
  ///
  /// - Parameters:
  ///   - wrap: a problem between the processes as one of the caller's.
  ///   - value: the numbers of a shard of this process, asked for in ascending order; all shards have
  ///     equally many.
  package func sum<Failure: Error>(
    over tree: ShardTree, wrap: (CollectiveProblem) -> Failure,
    of value: (Int) throws(Failure) -> [Float]
  ) throws(Failure) -> [Float] {
    let own = tree.nodes(covering: tree.shards(of: rank, among: count))
    var sums: [[Float]] = []
    for node in own {
      sums.append(
        try tree.sum(node) { node throws(Failure) in
          node.size == 1 ? try value(node.first) : nil
        })
    }
    do throws(CollectiveProblem) {
      return try total(of: sums, over: tree)
    } catch {
      throw wrap(error)
    }
  }

  /// The sum over all shards of what each process has summed over its own.
  ///
  /// - Parameter sums: for each of the nodes that cover this process's shards, in their order.
  func total(of sums: [[Float]], over tree: ShardTree) throws(CollectiveProblem) -> [Float] {
    if count == 1 { return sums[0] }
    guard let total = sums.first?.count else {
      preconditionFailure("process \(rank) of \(count) has no shard")
    }
    func part(_ rank: Int) -> Range<Int> { (rank * total / count)..<((rank + 1) * total / count) }
    let nodes = (0..<count).map { tree.nodes(covering: tree.shards(of: $0, among: count)) }

    // Every other's sums of this process's part.
    let ownPart = part(rank)
    var parts: [ShardTree.Node: [Float]] = [:]
    for (node, sum) in zip(nodes[rank], sums) { parts[node] = Array(sum[ownPart]) }
    let received = nodes.enumerated().flatMap { other, nodes in
      other == rank ? [] : nodes.map { (rank: other, node: $0) }
    }
    let buffers = received.map { Numbers(rank: $0.rank, count: ownPart.count) }
    let sent = (0..<count).filter { $0 != rank }.flatMap { other in
      sums.map { Numbers(rank: other, Array($0[part(other)])) }
    }
    try exchange(sends: sent, receives: buffers)
    for ((_, node), buffer) in zip(received, buffers) { parts[node] = buffer.elements }
    let result = tree.sum(tree.root) { parts[$0] }

    // This process's part to every other, and theirs.
    let others = (0..<count).filter { $0 != rank }
    let incoming = others.map { Numbers(rank: $0, count: part($0).count) }
    try exchange(sends: others.map { Numbers(rank: $0, result) }, receives: incoming)
    var all = [Float](repeating: 0, count: total)
    all.replaceSubrange(ownPart, with: result)
    for buffer in incoming { all.replaceSubrange(part(buffer.rank), with: buffer.elements) }
    return all
  }

  /// Numbers of process 0 on every process, which knows how many there are.
  package func broadcast(_ numbers: [Float]) throws(CollectiveProblem) -> [Float] {
    if count == 1 { return numbers }
    if rank == 0 {
      let copies = (1..<count).map { Numbers(rank: $0, numbers) }
      try exchange(sends: copies, receives: [])
      return numbers
    }
    let buffer = Numbers(rank: 0, count: numbers.count)
    try exchange(sends: [], receives: [buffer])
    return buffer.elements
  }

  /// The same of whole numbers.
  package func broadcast(_ words: [UInt64]) throws(CollectiveProblem) -> [UInt64] {
    let halves = words.flatMap { [UInt32(truncatingIfNeeded: $0), UInt32($0 >> 32)] }
    let numbers = try broadcast(halves.map { Float(bitPattern: $0) }).map(\.bitPattern)
    return words.indices.map { UInt64(numbers[2 * $0]) | UInt64(numbers[2 * $0 + 1]) << 32 }
  }

  /// Whether all processes have the same words as process 0; names the first that differs.
  package func checkAgreement(on words: [UInt64], what: String) throws(CollectiveProblem) {
    let first = try broadcast(words)
    guard first == words else { throw .different(rank: rank, what: what) }
  }

  private func exchange(sends: [Numbers], receives: [Numbers]) throws(CollectiveProblem) {
    try exchange(
      sends: sends.map { ($0.rank, UnsafeRawBufferPointer($0.bytes)) },
      receives: receives.map { ($0.rank, $0.bytes) })
    withExtendedLifetime((sends, receives)) {}
  }
}

/// Numbers that a message is made of, in memory that stays where it is.
private final class Numbers {
  /// Whom they go to, or come from.
  let rank: Int
  private let memory: UnsafeMutableBufferPointer<Float>

  init(rank: Int, count: Int) {
    self.rank = rank
    memory = .allocate(capacity: count)
    memory.initialize(repeating: 0)
  }

  convenience init(rank: Int, _ elements: [Float]) {
    self.init(rank: rank, count: elements.count)
    _ = memory.update(fromContentsOf: elements)
  }

  deinit { memory.deallocate() }

  var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(memory) }
  var elements: [Float] { Array(memory) }
}
