/// The memory that the values of a pass pass through: an arena, and scratch for each worker.
///
/// Executors that never run at the same time may share one, as those of a training do: then only
/// the largest of their plans needs memory.
///
/// Rule behind `@unchecked Sendable`: it is used by one executor at a time.
public final class Workspace: @unchecked Sendable {
  let arena: Memory
  let workerScratch: Memory
  /// Bytes between the scratch of one worker and of the next.
  let workerScratchBytes: Int

  public var bytes: Int { arena.bytes + workerScratch.bytes }

  /// Memory for any of `plans` on `threads` workers; pages are taken when they are first used.
  public init(for plans: [Plan], threads: Int) throws(RuntimeError) {
    arena = try Memory(bytes: plans.map(\.arenaBytes).max() ?? 0)
    workerScratchBytes = plans.map(\.workerBytes).max() ?? 0
    workerScratch = try Memory(bytes: workerScratchBytes * threads)
  }
}

extension Plan {
  /// Bytes of memory for each worker: its scratch in whole pages, which workers do not share.
  public var workerBytes: Int { (workerScratchBytes + 4095) / 4096 * 4096 }
}
