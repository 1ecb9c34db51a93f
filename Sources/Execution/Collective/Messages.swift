/// Numbers that go to other processes and come from them at once.
struct Messages {
  var sends: [Numbers] = []
  var receives: [Numbers] = []
}

/// Messages that were begun, and the memory that they need until they have been waited for.
final class Exchange {
  fileprivate let number: Int
  private let messages: Messages

  fileprivate init(_ number: Int, _ messages: Messages) {
    self.number = number
    self.messages = messages
  }
}

extension Collective {
  func begin(_ messages: Messages) throws(CollectiveProblem) -> Exchange {
    let number = try begin(
      sends: messages.sends.map { ($0.rank, UnsafeRawBufferPointer($0.bytes)) },
      receives: messages.receives.map { ($0.rank, $0.bytes) })
    let exchange = Exchange(number, messages)
    // After a failure nobody waits any more, but the messages may still arrive: then their memory
    // stays.
    _ = Unmanaged.passRetained(exchange)
    return exchange
  }

  func wait(for exchange: Exchange) throws(CollectiveProblem) {
    try wait(for: exchange.number)
    Unmanaged.passUnretained(exchange).release()
  }
}

/// Numbers that a message is made of, in memory that stays where it is.
final class Numbers {
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
