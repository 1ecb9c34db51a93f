import CMPI
import Foundation

/// Signs of life around the ring of processes: one to the next each second.
final class Pulse {
  let count: Int
  let previous: Int
  private let next: Int
  private let memory: UnsafeMutablePointer<UInt64>
  private let requests: UnsafeMutablePointer<cmpi_request>
  private var isSending = false
  private var isReceiving = false
  private var lastSent: ContinuousClock.Instant
  private var lastHeard: ContinuousClock.Instant
  /// Whether the process before has left in good order.
  private var hasLeft = false
  private let clock = ContinuousClock()

  private static let alive: UInt64 = 1
  private static let leaving: UInt64 = 2

  init(rank: Int, count: Int) {
    self.count = count
    next = (rank + 1) % count
    previous = (rank + count - 1) % count
    memory = .allocate(capacity: 2)
    memory.initialize(repeating: 0, count: 2)
    requests = .allocate(capacity: 2)
    lastSent = clock.now - .seconds(1)
    lastHeard = clock.now
  }

  // The memory stays: MPI may still look at it while the process ends.

  /// Sends and receives what is due; returns for how many seconds nothing has come.
  func beat() throws(CollectiveProblem) -> Double {
    try listen()
    if isSending, try hasArrived(requests) { isSending = false }
    if !isSending, clock.now - lastSent >= .seconds(1) { try send(Self.alive) }
    return hasLeft ? 0 : (clock.now - lastHeard) / .seconds(1)
  }

  /// Tells the next process that this one leaves, and waits until the previous one leaves, too.
  func sayGoodbye(deadline: Double) throws(CollectiveProblem) {
    while isSending { try wait(upTo: deadline) }
    try send(Self.leaving)
    while isSending || !hasLeft { try wait(upTo: deadline) }
  }

  private func wait(upTo deadline: Double) throws(CollectiveProblem) {
    if isSending, try hasArrived(requests) { isSending = false }
    try listen()
    guard (clock.now - lastHeard) / .seconds(1) <= deadline || hasLeft else {
      throw .failed(reason: "process \(previous) of \(count) has not ended its part of the job")
    }
    usleep(lookAgain)
  }

  private func send(_ word: UInt64) throws(CollectiveProblem) {
    memory[0] = word
    try calling { cmpi_send(memory, 8, Int32(next), Tag.pulse.rawValue, requests, $0) }
    (isSending, lastSent) = (true, clock.now)
  }

  private func listen() throws(CollectiveProblem) {
    while !hasLeft {
      if !isReceiving {
        try calling {
          cmpi_receive(memory + 1, 8, Int32(previous), Tag.pulse.rawValue, requests + 1, $0)
        }
        isReceiving = true
      }
      guard try hasArrived(requests + 1) else { return }
      (isReceiving, lastHeard) = (false, clock.now)
      if memory[1] == Self.leaving { hasLeft = true }
    }
  }
}
