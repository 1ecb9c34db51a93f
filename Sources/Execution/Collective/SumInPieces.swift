import Dispatch
import Synchronization

/// Sums over shards that are exchanged piece by piece, beside what computes the next numbers.
///
/// The exchanges of several pieces are under way at once, so that a link has work in both
/// directions while one of them waits for an answer. A thread of its own makes the calls of the
/// collective: until `finish` has returned, nobody else may.
package final class SumInPieces: Sendable {
  private let tree: ShardTree
  private let collective: any Collective
  private let thread = DispatchQueue(label: "sums over shards")
  private let progress = Mutex(Progress())

  private struct Progress {
    /// For each of this process's nodes the numbers that do not fill a piece yet.
    var waiting: [[Float]] = []
    /// Pieces in their first exchange, the oldest first.
    var first: [SumUnderWay] = []
    /// Pieces in their second, the oldest first.
    var second: [SumUnderWay] = []
    /// The sums over all shards of the pieces before these.
    var total: [Float] = []
    var failure: CollectiveProblem?

    /// Ends exchanges of the oldest pieces, until only so many are in their first one and as many in
    /// their second.
    ///
    /// The order of all exchanges is the same on every process.
    mutating func moveOn(until count: Int) throws(CollectiveProblem) {
      while first.count > count {
        var sum = first.removeFirst()
        try sum.addUp()
        second.append(sum)
      }
      while second.count > count { total += try second.removeFirst().total() }
    }
  }

  /// Pieces in their first exchange, and in their second.
  private static let mostAtOnce = 4
  /// Numbers of a piece; the same on all processes.
  private let pieceLength: Int

  /// - Parameter pieceLength: numbers that are exchanged at once. They take some 10 milliseconds at
  ///   1 Gbit a second, far more than a message costs by itself.
  package init(
    over tree: ShardTree, _ collective: any Collective, pieceLength: Int = 1 << 18
  ) {
    self.tree = tree
    self.collective = collective
    self.pieceLength = pieceLength
  }

  /// Takes the next numbers: for each of `tree.nodes` of this process's shards its sum, equally many
  /// for each.
  package func add(_ sums: [[Float]]) {
    thread.async { [self] in
      unlessFailed { progress throws(CollectiveProblem) in
        if progress.waiting.isEmpty { progress.waiting = sums.map { _ in [] } }
        for (index, sum) in sums.enumerated() { progress.waiting[index] += sum }
        if collective.count > 1 { try exchange(&progress, ifAtLeast: pieceLength) }
      }
    }
  }

  /// Begins to exchange what waits, in pieces, as long as it is at least so many numbers.
  private func exchange(
    _ progress: inout Progress, ifAtLeast least: Int
  ) throws(CollectiveProblem) {
    guard let count = progress.waiting.first?.count, count >= least else { return }
    var waiting = progress.waiting.map { $0[...] }
    while let count = waiting.first?.count, count >= least {
      let piece = waiting.map { Array($0.prefix(pieceLength)) }
      waiting = waiting.map { $0.dropFirst(pieceLength) }
      progress.first.append(try SumUnderWay(of: piece, over: tree, among: collective))
      try progress.moveOn(until: Self.mostAtOnce)
    }
    progress.waiting = waiting.map { Array($0) }
  }

  /// Waits for all pieces; the sums over all shards of all numbers.
  package func finish() throws(CollectiveProblem) -> [Float] {
    var all: [Float] = []
    thread.sync {
      unlessFailed { progress throws(CollectiveProblem) in
        if collective.count == 1 {
          all = progress.waiting.first ?? []
        } else {
          try exchange(&progress, ifAtLeast: 1)
          try progress.moveOn(until: 0)
          all = progress.total
        }
        progress = Progress()
      }
    }
    if let failure = progress.withLock({ $0.failure }) { throw failure }
    return all
  }

  /// After a failure nothing more is done.
  private func unlessFailed(_ body: (inout Progress) throws(CollectiveProblem) -> Void) {
    progress.withLock { progress in
      guard progress.failure == nil else { return }
      do throws(CollectiveProblem) {
        try body(&progress)
      } catch {
        progress.failure = error
      }
    }
  }
}
