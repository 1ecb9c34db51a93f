import CKernels
import Synchronization

/// What the machine can do at most, measured: no pass of a plan can be faster than both of these.
public struct MachineLimits: Hashable, Sendable {
  /// Multiplications and additions a second, made in registers by all threads of the pool.
  public let flopsPerSecond: Double
  /// Bytes read from memory a second by all threads, from an array that no cache holds.
  public let bytesPerSecond: Double

  public init(flopsPerSecond: Double, bytesPerSecond: Double) {
    self.flopsPerSecond = flopsPerSecond
    self.bytesPerSecond = bytesPerSecond
  }

  /// The least time, in seconds, that so many operations and bytes take.
  public func leastSeconds(flops: Int, bytes: Int) -> Double {
    max(Double(flops) / flopsPerSecond, Double(bytes) / bytesPerSecond)
  }

  /// Measures for about half a second, and takes the best of some attempts: others may be at work.
  public static func measured(
    by pool: WorkerPool, isa: Plan.ISA = .best
  ) throws(RuntimeError) -> MachineLimits {
    let memory = try Memory(bytes: arrayBytes)
    // The pages must be there before they are read: untouched, all would be the same page of zeros.
    ce_fill(memory.floats(count: arrayFloats).baseAddress, Int64(arrayFloats), 1)
    let work = Work(
      isa: isa.kernels, array: UnsafePointer(memory.floats(count: arrayFloats).baseAddress!))
    return MachineLimits(
      flopsPerSecond: Double(tasks * flopsPerTask(isa)) / fastest(pool, work, multiplyAdd),
      bytesPerSecond: Double(arrayBytes) / fastest(pool, work, read))
  }

  // MARK: Details

  /// What the tasks read; it and its memory stay until they have returned.
  private struct Work {
    let isa: ck_isa
    let array: UnsafePointer<Float>
  }

  private static let attempts = 20
  /// Many more than threads: one that starts late takes fewer.
  private static let tasks = 64
  private static let arrayBytes = 256 << 20
  private static let arrayFloats = arrayBytes / MemoryLayout<Float>.stride
  /// Of multiply-adds in a task, half a millisecond.
  private static let rounds: Int64 = 1 << 18

  private static let multiplyAdd: WorkerPool.Task = { context, _, _ in
    var result: Float = 0
    let work = context.assumingMemoryBound(to: Work.self)
    _ = ck_machine_multiply_add(work.pointee.isa, MachineLimits.rounds, &result)
    MachineLimits.sink.store(result.bitPattern, ordering: .relaxed)
  }

  private static let read: WorkerPool.Task = { context, task, _ in
    let work = context.assumingMemoryBound(to: Work.self)
    let count = MachineLimits.arrayFloats / MachineLimits.tasks
    let sum = ck_machine_read(
      work.pointee.isa, work.pointee.array + task * count, Int64(count))
    MachineLimits.sink.store(sum.bitPattern, ordering: .relaxed)
  }

  /// Where results go, so that none can be left out.
  private static let sink = Atomic<UInt32>(0)

  private static func flopsPerTask(_ isa: Plan.ISA) -> Int {
    var result: Float = 0
    return Int(ck_machine_multiply_add(isa.kernels, rounds, &result))
  }

  /// Seconds of the fastest attempt.
  private static func fastest(_ pool: WorkerPool, _ work: Work, _ task: WorkerPool.Task) -> Double {
    let clock = ContinuousClock()
    return withUnsafePointer(to: work) { work in
      (0..<attempts).map { _ in
        clock.measure { pool.run(tasks, UnsafeRawPointer(work), task) } / .seconds(1)
      }.min() ?? .infinity
    }
  }
}
