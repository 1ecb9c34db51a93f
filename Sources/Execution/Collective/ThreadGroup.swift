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

  /// Rule behind `@unchecked Sendable`: a collective is used from one thread at a time.
  private final class Member: Collective, @unchecked Sendable {
    let rank: Int
    private let group: ThreadGroup
    var count: Int { group.count }

    init(rank: Int, group: ThreadGroup) {
      self.rank = rank
      self.group = group
    }

    /// What was begun to be received, the oldest first.
    private var awaited: [(exchange: Int, from: Int, bytes: UnsafeMutableRawBufferPointer)] = []
    private var exchanges = 0

    func begin(
      sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
      receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
    ) -> Int {
      exchanges += 1
      for (to, bytes) in sends { group.send(bytes, on: Route(from: rank, to: to)) }
      awaited += receives.map { (exchanges, $0.rank, $0.bytes) }
      return exchanges
    }

    /// Receives what was begun before, too: messages come in that order.
    func wait(for exchange: Int) throws(CollectiveProblem) {
      while let (begun, from, bytes) = awaited.first, begun <= exchange {
        let message = try group.receive(on: Route(from: from, to: rank))
        precondition(message.count == bytes.count, "\(message.count) and \(bytes.count) bytes")
        bytes.copyBytes(from: message)
        awaited.removeFirst()
      }
    }
  }
}
