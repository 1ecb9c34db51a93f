/// The processes that train together, as one of them sees them.
///
/// Used from one thread at a time. All processes make the same calls in the same order.
package protocol Collective: AnyObject, Sendable {
  /// From 0; 0 leads: it writes files and talks.
  var rank: Int { get }
  /// Processes, at least 1.
  var count: Int { get }

  /// Begins to send and receive several messages at once.
  ///
  /// Two processes must begin the messages between them in the same order. The memory must stay until
  /// `wait` has returned.
  ///
  /// - Returns: a number for `wait`.
  func begin(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) throws(CollectiveProblem) -> Int

  /// Waits until all messages that were begun under this number have been sent and received; once for
  /// each number.
  func wait(for exchange: Int) throws(CollectiveProblem)
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

  package func begin(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) -> Int {
    preconditionFailure("messages of a process that is alone")
  }

  package func wait(for exchange: Int) {}
}

extension Collective {
  /// The sum over all shards along the fixed tree, on every process: the same bits for any number
  /// of processes.
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
    var sum = try SumUnderWay(of: sums, over: tree, among: self)
    try sum.addUp()
    return try sum.total()
  }

  /// The ranks of the other processes, ascending.
  var others: [Int] { (0..<count).filter { $0 != rank } }

  /// Returns once all processes have called it as often as this one.
  package func meet() throws(CollectiveProblem) {
    if count == 1 { return }
    try wait(
      for: begin(
        Messages(
          sends: others.map { Numbers(rank: $0, [0]) },
          receives: others.map { Numbers(rank: $0, count: 1) })))
  }

  /// Numbers of process 0 on every process, which knows how many there are.
  package func broadcast(_ numbers: [Float]) throws(CollectiveProblem) -> [Float] {
    if count == 1 { return numbers }
    if rank == 0 {
      let copies = (1..<count).map { Numbers(rank: $0, numbers) }
      try wait(for: begin(Messages(sends: copies)))
      return numbers
    }
    let buffer = Numbers(rank: 0, count: numbers.count)
    try wait(for: begin(Messages(receives: [buffer])))
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
}
