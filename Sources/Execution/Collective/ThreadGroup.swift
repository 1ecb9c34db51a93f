import Foundation

/// Threads of one process that train together, one for each device.
///
/// Rule behind `@unchecked Sendable`: `messages` and `failure` are touched under the condition's lock.
package final class ThreadGroup: @unchecked Sendable {
  package let count: Int
  private let condition = NSCondition()
  private var messages: [Route: [[UInt8]]] = [:]
  private var failure: String?

  private struct Route: Hashable {
    let from: Int
    let to: Int
  }

  package init(count: Int) { self.count = count }

  /// What the thread with this place, from 0, works with.
  package func member(_ rank: Int) -> any Collective { Member(rank: rank, group: self) }

  /// Ends the waiting of all threads: one of them cannot go on.
  package func abandon(_ reason: String) {
    condition.withLock {
      failure = failure ?? reason
      condition.broadcast()
    }
  }

  private func send(_ bytes: UnsafeRawBufferPointer, on route: Route) {
    condition.withLock {
      messages[route, default: []].append(Array(bytes))
      condition.broadcast()
    }
  }

  private func receive(on route: Route) throws(CollectiveProblem) -> [UInt8] {
    condition.lock()
    defer { condition.unlock() }
    while messages[route]?.isEmpty ?? true {
      if let failure { throw .failed(reason: failure) }
      condition.wait()
    }
    return messages[route]?.removeFirst() ?? []
  }

  private final class Member: Collective {
    let rank: Int
    private let group: ThreadGroup
    var count: Int { group.count }

    init(rank: Int, group: ThreadGroup) {
      self.rank = rank
      self.group = group
    }

    func exchange(
      sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
      receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
    ) throws(CollectiveProblem) {
      for (to, bytes) in sends { group.send(bytes, on: Route(from: rank, to: to)) }
      for (from, bytes) in receives {
        let message = try group.receive(on: Route(from: from, to: rank))
        precondition(message.count == bytes.count, "\(message.count) and \(bytes.count) bytes")
        bytes.copyBytes(from: message)
      }
    }
  }
}
