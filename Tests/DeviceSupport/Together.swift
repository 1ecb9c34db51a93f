import Collective
import Foundation

/// Processes that are threads of a test.
package enum Together {
  /// What each of `count` processes gives.
  package static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (any Collective) -> Result
  ) async -> [Result] {
    let group = ThreadGroup(count: count)
    return await withTaskGroup(of: (Int, Result).self) { tasks in
      for rank in 0..<count {
        tasks.addTask {
          await withCheckedContinuation { continuation in
            // A thread of its own: a process waits for others.
            Thread.detachNewThread {
              continuation.resume(returning: (rank, body(group.member(rank))))
            }
          }
        }
      }
      var results: [(Int, Result)] = []
      for await result in tasks { results.append(result) }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}
