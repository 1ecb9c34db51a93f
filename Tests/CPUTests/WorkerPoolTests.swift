import Synchronization
import Testing

@testable import CPU

@Suite struct WorkerPoolTests {
  /// How often each task of a job has run.
  private final class Tally: Sendable {
    static let size = 64
    let runs = (0..<size).map { _ in Counter() }

    final class Counter: Sendable {
      let value = Atomic<Int>(0)
    }
  }

  @Test(arguments: [1, 2, 3, 8]) func runsEachTaskOnce(threads: Int) throws {
    let pool = try WorkerPool(threads: threads)
    let tally = Tally()
    var expected = [Int](repeating: 0, count: Tally.size)
    for job in 0..<20000 {
      let count = job % (Tally.size + 1)
      for index in 0..<count { expected[index] += 1 }
      run(pool, count, tally)
    }
    #expect(tally.runs.map { $0.value.load(ordering: .relaxed) } == expected)
  }

  /// Workers are asleep by the time of the next job.
  @Test func wakesSleepingWorkers() async throws {
    let pool = try WorkerPool(threads: 3)
    let tally = Tally()
    for _ in 0..<20 {
      run(pool, Tally.size, tally)
      try await Task.sleep(for: .milliseconds(2))
    }
    #expect(tally.runs.allSatisfy { $0.value.load(ordering: .relaxed) == 20 })
  }

  @Test func servesSeveralCallers() async throws {
    let pool = try WorkerPool(threads: 3)
    let tally = Tally()
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask { for _ in 0..<500 { self.run(pool, Tally.size, tally) } }
      }
    }
    #expect(tally.runs.allSatisfy { $0.value.load(ordering: .relaxed) == 2000 })
  }

  @Test func stopsWithoutHavingWorked() throws {
    for _ in 0..<50 { _ = try WorkerPool(threads: 4) }
  }

  private func run(_ pool: WorkerPool, _ count: Int, _ tally: Tally) {
    withExtendedLifetime(tally) {
      pool.run(count, Unmanaged.passUnretained(tally).toOpaque()) { context, task, _ in
        Unmanaged<Tally>.fromOpaque(context).takeUnretainedValue()
          .runs[task].value.add(1, ordering: .relaxed)
      }
    }
  }
}
