import CMPI
import Files
import Foundation
import Synchronization

/// The thread that makes all calls of MPI.
///
/// Rule behind `@unchecked Sendable`: `work` and `result` are handed over by the semaphores `asked`
/// and `answered`, the hosts have a lock, `exchanges` belongs to those who ask; all else belongs to
/// the thread.
final class MessageThread: @unchecked Sendable {
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
