import CMPI
import Files

/// Messages of numbers on their way.
///
/// Messages between two processes arrive in the order in which they were sent.
final class Requests {
  private(set) var failure: CollectiveProblem?
  /// They must not move while they are under way.
  private let memory: UnsafeMutablePointer<cmpi_request>
  private var waiting: [Int] = []

  var isDone: Bool { waiting.isEmpty }

  /// Bytes of one message at most: others, such as a sign of life, go between two of them.
  private static let mostBytes = 1 << 22

  init(
    _ sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    _ receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) throws(CollectiveProblem) {
    let count = (sends.map(\.bytes.count) + receives.map(\.bytes.count))
      .reduce(0) { $0 + ($1 + Self.mostBytes - 1) / Self.mostBytes }
    memory = .allocate(capacity: count)
    let tag = Tag.numbers.rawValue
    for (rank, bytes) in receives {
      try start(bytes.count) { [memory] offset, size, index, message in
        cmpi_receive(
          bytes.baseAddress! + offset, size, Int32(rank), tag, memory + index, message)
      }
    }
    for (rank, bytes) in sends {
      try start(bytes.count) { [memory] offset, size, index, message in
        cmpi_send(bytes.baseAddress! + offset, size, Int32(rank), tag, memory + index, message)
      }
    }
  }

  // After a failure MPI may still look at it.
  deinit { if isDone { memory.deallocate() } }

  /// Starts a message for each piece of so many bytes; `start` gets its offset, its size and its place
  /// in the memory.
  private func start(
    _ bytes: Int, _ start: (Int, Int32, Int, UnsafeMutablePointer<CChar>) -> Int32
  ) throws(CollectiveProblem) {
    for offset in stride(from: 0, to: bytes, by: Self.mostBytes) {
      let (size, index) = (Int32(min(Self.mostBytes, bytes - offset)), waiting.count)
      try calling { start(offset, size, index, $0) }
      waiting.append(index)
    }
  }

  /// Looks which messages have arrived; returns whether one has since the last time.
  @discardableResult
  func look() -> Bool {
    guard failure == nil else { return false }
    var still: [Int] = []
    do throws(CollectiveProblem) {
      for index in waiting where try !hasArrived(memory + index) { still.append(index) }
    } catch {
      failure = error
      return false
    }
    defer { waiting = still }
    return still.count < waiting.count
  }
}

/// Between two looks at messages, in microseconds: shorter than a message takes, and long enough
/// to leave the processor to those who compute.
let lookAgain: UInt32 = 50

/// What tells messages apart.
enum Tag: Int32 {
  case numbers = 1
  case pulse = 2
}

func calling(
  _ call: (UnsafeMutablePointer<CChar>) -> Int32
) throws(CollectiveProblem) {
  var message = [CChar](repeating: 0, count: Int(cmpi_message_size))
  let result = message.withUnsafeMutableBufferPointer { call($0.baseAddress!) }
  guard result != 0 else { return }
  let bytes = message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
  throw .failed(reason: String(decoding: bytes, as: UTF8.self).visibleLines)
}

func hasArrived(_ request: UnsafeMutablePointer<cmpi_request>) throws(CollectiveProblem)
  -> Bool
{
  var done: Int32 = 0
  try calling { cmpi_test(request, &done, $0) }
  return done != 0
}
