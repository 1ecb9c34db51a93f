import CMPI
import Files
import Foundation
import Synchronization

/// The processes of a job that a launcher of MPI has started.
///
/// One thread makes all calls of MPI. It looks for messages and sleeps in between: waiting inside
/// MPI would spin beside the threads that compute. Once a second it tells the next process that this
/// one lives; when the process before it is silent for too long, it ends this one with a sentence.
package final class MPIWorld: Collective {
  package let rank: Int
  package let count: Int
  /// The library's name and version.
  package let version: String
  private let thread: MessageThread

  /// How long a process may be silent, in seconds.
  package static let deadline = 10.0

  /// - Parameter onSilence: gets a sentence when another process is silent; must not return.
  package init(
    _ launcher: Launcher, deadline: Double = MPIWorld.deadline,
    onSilence: @escaping @Sendable (String) -> Never
  ) throws(CollectiveProblem) {
    thread = MessageThread(deadline: deadline, onSilence: onSilence)
    let world = try thread.open(launcher)
    rank = Int(world.rank)
    count = Int(world.size)
    version = withUnsafeBytes(of: world.version) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).excerpt(160)
    }
    guard count == launcher.count else {
      throw .otherLauncher(library: version, announced: launcher.count, found: count)
    }
    try exchangeHosts()
  }

  /// So that a sentence about a process can say where it was.
  private func exchangeHosts() throws(CollectiveProblem) {
    let width = 64
    var own = Array(ProcessInfo.processInfo.hostName.utf8.prefix(width))
    own += [UInt8](repeating: 0, count: width - own.count)
    let names = UnsafeMutableRawBufferPointer.allocate(byteCount: width * (count + 1), alignment: 8)
    func place(_ index: Int) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(rebasing: names[index * width..<(index + 1) * width])
    }
    place(count).copyBytes(from: own)
    let others = (0..<count).filter { $0 != rank }
    try wait(
      for: begin(
        sends: others.map { ($0, UnsafeRawBufferPointer(place(count))) },
        receives: others.map { ($0, place($0)) }))
    place(rank).copyBytes(from: own)
    thread.hosts = (0..<count).map { index in
      String(decoding: place(index).prefix { $0 != 0 }, as: UTF8.self).excerpt(width)
    }
    names.deallocate()
  }

  package func begin(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) throws(CollectiveProblem) -> Int {
    try thread.begin(sends: sends, receives: receives)
  }

  package func wait(for exchange: Int) throws(CollectiveProblem) { try thread.wait(for: exchange) }

  /// Leaves the job in good order; the process can do no more with the others.
  package func close() throws(CollectiveProblem) { try thread.close() }
}

/// The thread that makes all calls of MPI.
///
/// Rule behind `@unchecked Sendable`: `work` and `result` are handed over by the semaphores `asked`
/// and `answered`, the hosts have a lock, `exchanges` belongs to those who ask; all else belongs to
/// the thread.
private final class MessageThread: @unchecked Sendable {
  private let deadline: Double
  private let onSilence: @Sendable (String) -> Never
  private let asked = DispatchSemaphore(value: 0)
  private let answered = DispatchSemaphore(value: 0)
  private var work: Work?
  private var result: Result<cmpi_world, CollectiveProblem> = .success(cmpi_world())
  private let lockedHosts = Mutex<[String]>([])
  private var pulse: Pulse?
  /// Exchanges that have been begun, ever.
  private var exchanges = 0
  /// Exchanges that nobody has waited for yet, by their number.
  private var underWay: [Int: Requests] = [:]

  enum Work {
    case open(Launcher)
    case begin(
      Int,
      sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
      receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)])
    case wait(Int)
    case close
  }

  var hosts: [String] {
    get { lockedHosts.withLock { $0 } }
    set { lockedHosts.withLock { $0 = newValue } }
  }

  init(deadline: Double, onSilence: @escaping @Sendable (String) -> Never) {
    self.deadline = deadline
    self.onSilence = onSilence
    Thread.detachNewThread { [self] in
      while true {
        waitForWork()
        guard let work else { continue }
        var isLast = false
        do throws(CollectiveProblem) {
          result = .success(try done(work))
          if case .close = work { isLast = true }
        } catch {
          result = .failure(error)
        }
        answered.signal()
        if isLast { return }
      }
    }
  }

  /// Meanwhile messages that are under way go on, and the others hear of this process.
  private func waitForWork() {
    while true {
      let isBusy = underWay.values.contains { !$0.isDone }
      let pause: DispatchTimeInterval = isBusy ? .microseconds(Int(lookAgain)) : .milliseconds(100)
      if asked.wait(timeout: .now() + pause) == .success { return }
      for requests in underWay.values { requests.look() }
      beat()
    }
  }

  private func ask(_ work: Work) throws(CollectiveProblem) -> cmpi_world {
    self.work = work
    asked.signal()
    answered.wait()
    return try result.get()
  }

  func open(_ launcher: Launcher) throws(CollectiveProblem) -> cmpi_world {
    try ask(.open(launcher))
  }

  func begin(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) throws(CollectiveProblem) -> Int {
    exchanges += 1
    _ = try ask(.begin(exchanges, sends: sends, receives: receives))
    return exchanges
  }

  func wait(for exchange: Int) throws(CollectiveProblem) { _ = try ask(.wait(exchange)) }

  func close() throws(CollectiveProblem) { _ = try ask(.close) }

  // MARK: On the thread

  private func done(_ work: Work) throws(CollectiveProblem) -> cmpi_world {
    var world = cmpi_world()
    switch work {
    case .open(let launcher):
      try open(launcher, &world)
      if world.size > 1 {
        pulse = Pulse(rank: Int(world.rank), count: Int(world.size))
      }
    case .begin(let number, let sends, let receives):
      underWay[number] = try Requests(sends, receives)
    case .wait(let number):
      guard let requests = underWay.removeValue(forKey: number) else {
        preconditionFailure("nobody began exchange \(number), or it was waited for before")
      }
      try finish(requests)
    case .close:
      try pulse?.sayGoodbye(deadline: deadline)
      pulse = nil
      try calling { cmpi_close($0) }
    }
    return world
  }

  private func open(_ launcher: Launcher, _ world: inout cmpi_world) throws(CollectiveProblem) {
    var reasons: [String] = []  // one for each library
    for library in launcher.libraries {
      do throws(CollectiveProblem) {
        return try calling { cmpi_open(library, &world, $0) }
      } catch {
        // The loader's sentence begins with the file's name.
        reasons.append(
          error.reason.hasPrefix(library) ? error.reason : "\(library): \(error.reason)")
      }
    }
    throw .noLibrary(launcher: launcher.name, reasons: reasons)
  }

  private func finish(_ requests: Requests) throws(CollectiveProblem) {
    while true {
      if requests.look() { continue }
      if let failure = requests.failure { throw failure }
      if requests.isDone { return }
      for others in underWay.values { others.look() }
      beat()
      usleep(lookAgain)
    }
  }

  private func beat() {
    do throws(CollectiveProblem) {
      guard let silence = try pulse?.beat(), silence > deadline, let pulse else { return }
      let hosts = hosts
      let host = hosts.indices.contains(pulse.previous) ? " on \(hosts[pulse.previous])" : ""
      onSilence(
        """
        process \(pulse.previous) of \(pulse.count)\(host) has not answered for \(Int(deadline)) \
        seconds: it has ended, was stopped, or lost its network
        """)
    } catch {
      onSilence("\(error)")
    }
  }
}

/// Between two looks at messages, in microseconds: shorter than a message takes, and long enough
/// to leave the processor to those who compute.
private let lookAgain: UInt32 = 50

/// What tells messages apart.
private enum Tag: Int32 {
  case numbers = 1
  case pulse = 2
}

private func calling(
  _ call: (UnsafeMutablePointer<CChar>) -> Int32
) throws(CollectiveProblem) {
  var message = [CChar](repeating: 0, count: Int(cmpi_message_size))
  let result = message.withUnsafeMutableBufferPointer { call($0.baseAddress!) }
  guard result != 0 else { return }
  let bytes = message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
  throw .failed(reason: String(decoding: bytes, as: UTF8.self).visibleLines)
}

private func hasArrived(_ request: UnsafeMutablePointer<cmpi_request>) throws(CollectiveProblem)
  -> Bool
{
  var done: Int32 = 0
  try calling { cmpi_test(request, &done, $0) }
  return done != 0
}

/// Messages of numbers on their way.
///
/// Messages between two processes arrive in the order in which they were sent.
private final class Requests {
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

/// Signs of life around the ring of processes: one to the next each second.
private final class Pulse {
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
