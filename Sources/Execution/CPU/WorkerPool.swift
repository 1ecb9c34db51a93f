import CKernels
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A fixed set of threads that share the tasks of one job after the other.
///
/// The thread that asks for a job takes part in it. Who runs which task is left to chance; what a
/// task does must not depend on it.
public final class WorkerPool: Sendable {
  /// One task: the job's context, the task's number, and the number of the worker that runs it.
  public typealias Task = @convention(c) (UnsafeRawPointer, Int, Int) -> Void

  public let threads: Int
  private let board: Board
  private let handles: [pthread_t]
  private let callers = Mutex(())

  /// The number of processors this process may use.
  public static var availableProcessors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  public init(threads: Int = WorkerPool.availableProcessors) throws(RuntimeError) {
    self.threads = max(1, threads)
    board = Board()
    var handles: [pthread_t] = []
    for worker in 1..<max(1, self.threads) {
      let start = Unmanaged.passRetained(Start(board: board, worker: worker))
      #if canImport(Glibc)
        var handle = pthread_t()
      #else
        var handle: pthread_t?
      #endif
      let code = pthread_create(&handle, nil, workerMain, start.toOpaque())
      guard code == 0 else {
        start.release()
        board.stop()
        for handle in handles { pthread_join(handle, nil) }
        throw .threadFailed(code: Int(code))
      }
      #if canImport(Glibc)
        handles.append(handle)
      #else
        if let handle { handles.append(handle) }
      #endif
    }
    self.handles = handles
  }

  deinit {
    board.stop()
    for handle in handles { pthread_join(handle, nil) }
  }

  /// Runs tasks 0 ..< count and returns when all have returned.
  ///
  /// Jobs of several callers wait for each other; a task must not ask for a job.
  public func run(_ count: Int, _ context: UnsafeRawPointer, _ task: Task) {
    if handles.isEmpty || count <= 1 {
      for index in 0..<count { task(context, index, 0) }
      return
    }
    precondition(count < 1 << 31, "\(count) tasks in one job")
    callers.withLock { _ in
      board.publish(count, context, task)
      board.work(as: 0)
      board.waitForAll()
    }
  }

  fileprivate final class Start: Sendable {
    let board: Board
    let worker: Int

    init(board: Board, worker: Int) {
      self.board = board
      self.worker = worker
    }
  }
}

/// What the threads of a pool share: the current job, and how far it is.
///
/// `claims` holds the number of the job (upper half) and how many of its tasks are unclaimed (lower
/// half). A task is claimed by compare-and-swap; none can be claimed of a job that is over. The
/// other fields change only when all tasks have returned, so they are read after a claim: from then
/// until the task returns they belong to its job.
private final class Board: Sendable {
  private let claims = Atomic<UInt64>(0)
  private let returned = Atomic<Int>(0)
  private let count = Atomic<Int>(0)
  private let context = Atomic<UInt>(0)
  private let task = Atomic<UInt>(0)
  private let isStopped = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let bell = Bell()

  /// Looks at the board before a worker goes to sleep: some 50 µs.
  private static let spins = 2000
  /// Looks before the caller lets other threads have its processor.
  private static let callerSpins = 20000

  func publish(_ tasks: Int, _ context: UnsafeRawPointer, _ task: WorkerPool.Task) {
    returned.store(0, ordering: .relaxed)
    count.store(tasks, ordering: .relaxed)
    self.context.store(UInt(bitPattern: context), ordering: .relaxed)
    self.task.store(UInt(bitPattern: unsafeBitCast(task, to: Int.self)), ordering: .relaxed)
    let job = (claims.load(ordering: .relaxed) >> 32) &+ 1
    claims.store(job << 32 | UInt64(tasks), ordering: .sequentiallyConsistent)
    if sleepers.load(ordering: .sequentiallyConsistent) > 0 { bell.ring() }
  }

  /// Runs tasks until none is left; returns the number of the job that has none.
  @discardableResult
  func work(as worker: Int) -> UInt64 {
    var claim = claims.load(ordering: .acquiring)
    while true {
      let unclaimed = Int(claim & 0xFFFF_FFFF)
      if unclaimed == 0 { return claim >> 32 }
      let (claimed, found) = claims.weakCompareExchange(
        expected: claim, desired: claim &- 1, ordering: .acquiringAndReleasing)
      guard claimed else {
        claim = found
        continue
      }
      // Published by `publish` from a pointer and a function of these types.
      let task = unsafeBitCast(task.load(ordering: .relaxed), to: WorkerPool.Task.self)
      let context = UnsafeRawPointer(bitPattern: context.load(ordering: .relaxed))!
      task(context, count.load(ordering: .relaxed) - unclaimed, worker)
      returned.add(1, ordering: .releasing)
      claim = claims.load(ordering: .acquiring)
    }
  }

  func waitForAll() {
    let count = count.load(ordering: .relaxed)
    var spins = 0
    while returned.load(ordering: .acquiring) < count {
      spins += 1
      if spins < Self.callerSpins { ck_pause() } else { sched_yield() }
    }
  }

  /// Returns when there is a job after `job`, or the pool stops (false).
  func waitForJob(after job: UInt64) -> Bool {
    var spins = 0
    while true {
      if isStopped.load(ordering: .acquiring) { return false }
      if claims.load(ordering: .acquiring) >> 32 != job { return true }
      spins += 1
      if spins < Self.spins {
        ck_pause()
        continue
      }
      sleepers.add(1, ordering: .sequentiallyConsistent)
      bell.wait {
        claims.load(ordering: .sequentiallyConsistent) >> 32 == job
          && !isStopped.load(ordering: .sequentiallyConsistent)
      }
      sleepers.subtract(1, ordering: .sequentiallyConsistent)
    }
  }

  func stop() {
    isStopped.store(true, ordering: .sequentiallyConsistent)
    bell.ring()
  }
}

/// Wakes sleeping threads.
///
/// `@unchecked Sendable`: the two objects are made to be shared, and live
/// at a fixed address until nobody refers to the bell.
private final class Bell: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func ring() {
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  func wait(while isQuiet: () -> Bool) {
    pthread_mutex_lock(mutex)
    while isQuiet() { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }
}

#if canImport(Glibc)
  private func workerMain(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    runWorker(argument)
    return nil
  }
#else
  private func workerMain(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    runWorker(argument)
    return nil
  }
#endif

private func runWorker(_ argument: UnsafeMutableRawPointer?) {
  guard let argument else { return }
  // Retained for this thread by whoever started it.
  let start = Unmanaged<WorkerPool.Start>.fromOpaque(argument).takeRetainedValue()
  var job: UInt64 = 0
  while start.board.waitForJob(after: job) { job = start.board.work(as: start.worker) }
}
