/// Numbers that go to other processes and come from them at once.
struct Messages {
  var sends: [Numbers] = []
  var receives: [Numbers] = []
}

/// Messages that were begun, and the memory that they need until they have been waited for.
struct Exchange {
  fileprivate let number: Int
  fileprivate let messages: Messages
}

extension Collective {
  func begin(_ messages: Messages) throws(CollectiveProblem) -> Exchange {
    let number = try begin(
      sends: messages.sends.map { ($0.rank, UnsafeRawBufferPointer($0.bytes)) },
      receives: messages.receives.map { ($0.rank, $0.bytes) })
    return Exchange(number: number, messages: messages)
  }

  func wait(for exchange: Exchange) throws(CollectiveProblem) {
    try wait(for: exchange.number)
    withExtendedLifetime(exchange) {}
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
