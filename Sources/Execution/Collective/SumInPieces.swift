import Dispatch
import Synchronization

/// Sums over shards that are exchanged piece by piece, beside what computes the next piece.
///
/// A thread of its own makes the calls of the collective, in the order of the pieces: until `finish`
/// has returned, nobody else may. All processes must cut the numbers in the same way.
package final class SumInPieces: Sendable {
  private let tree: ShardTree
  private let collective: any Collective
  private let thread = DispatchQueue(label: "sums over shards")
  private let outcome = Mutex<Result<[[Float]], CollectiveProblem>>(.success([]))

  package init(over tree: ShardTree, _ collective: any Collective) {
    self.tree = tree
    self.collective = collective
  }

  /// Begins to exchange a piece: for each of `tree.nodes` of this process's shards its sum, all of
  /// the same length.
  package func add(_ sums: [[Float]]) {
    thread.async { [self] in
      guard case .success = outcome.withLock({ $0 }) else { return }
      do throws(CollectiveProblem) {
        let total = try collective.total(of: sums, over: tree)
        outcome.withLock { $0 = $0.map { $0 + [total] } }
      } catch {
        outcome.withLock { $0 = .failure(error) }
      }
    }
  }

  /// Waits for all pieces; their sums over all shards, one after the other.
  package func finish() throws(CollectiveProblem) -> [Float] {
    thread.sync {}
    return try outcome.withLock { $0 }.get().flatMap(\.self)
  }
}
