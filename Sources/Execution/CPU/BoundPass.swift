import CKernels
import Program

/// A pass with addresses instead of names: a flat value without references, made once.
struct BoundPass {
  var kind: Kind
  var fused = ce_fused()
  var contraction = ck_plan()
  var copy = ce_copy_plan()
  var distribution = Op.Distribution.uniform
  var stream = 0
  var fill: Float = 0
  /// Elements of `result`.
  var count = 0
  var left: UnsafePointer<Float>?
  var right: UnsafePointer<Float>?
  var result: UnsafeMutablePointer<Float>?
  var scratch: UnsafeMutableRawPointer?

  enum Kind {
    case fused
    case contraction
    case copy
    case fill
    case random
  }

  init(_ kind: Kind) { self.kind = kind }

  /// Elements of one task of `fill` and `random`.
  static let chunk = 32768

  /// Of all rounds.
  var waves: Int {
    kind == .contraction ? Int(contraction.wave_count * contraction.rounds) : 1
  }

  func tasks(inWave wave: Int) -> Int {
    switch kind {
    case .fused: Int(fused.walk.tasks)
    case .contraction:
      switch wave % Int(contraction.wave_count) {
      case 0: Int(contraction.task_count.0)
      case 1: Int(contraction.task_count.1)
      default: Int(contraction.task_count.2)
      }
    case .copy: Int(copy.tasks)
    case .fill, .random: (count + Self.chunk - 1) / Self.chunk
    }
  }
}

/// What the tasks of a pass need: shared by all workers, changed only between passes.
struct PassContext {
  var pass: UnsafePointer<BoundPass>
  var wave: Int
  var key: RandomKey
  var workerScratch: UnsafeMutableRawPointer
  var workerScratchBytes: Int

  /// Runs one task of the pass that `context` (a `PassContext`) describes.
  static let run: WorkerPool.Task = { context, task, worker in
    let context = context.assumingMemoryBound(to: PassContext.self)
    let pass = context.pointee.pass
    let scratch =
      context.pointee.workerScratch + worker * context.pointee.workerScratchBytes
    switch pass.pointee.kind {
    case .fused:
      // The pass's memory holds a ce_fused at this place for as long as the executor lives.
      let fused = UnsafeRawPointer(pass).advanced(by: fusedOffset)
        .assumingMemoryBound(to: ce_fused.self)
      ce_fused_run(
        fused, Int32(task), pass.pointee.scratch?.assumingMemoryBound(to: Float.self),
        scratch.assumingMemoryBound(to: Float.self))
    case .contraction:
      let plan = UnsafeRawPointer(pass).advanced(by: contractionOffset)
        .assumingMemoryBound(to: ck_plan.self)
      ck_run(
        plan, Int32(context.pointee.wave), Int32(task), pass.pointee.left, pass.pointee.right,
        pass.pointee.result, pass.pointee.scratch, scratch)
    case .copy:
      let plan = UnsafeRawPointer(pass).advanced(by: copyOffset)
        .assumingMemoryBound(to: ce_copy_plan.self)
      ce_copy_run(plan, Int32(task), pass.pointee.left, pass.pointee.result)
    case .fill:
      let first = task * BoundPass.chunk
      let count = min(BoundPass.chunk, pass.pointee.count - first)
      ce_fill(pass.pointee.result! + first, Int64(count), pass.pointee.fill)
    case .random:
      let first = task * BoundPass.chunk
      let count = min(BoundPass.chunk, pass.pointee.count - first)
      RandomStream(key: context.pointee.key, stream: pass.pointee.stream).fill(
        UnsafeMutableBufferPointer(start: pass.pointee.result! + first, count: count),
        pass.pointee.distribution, from: first)
    }
  }

  private static let fusedOffset = MemoryLayout<BoundPass>.offset(of: \.fused)!
  private static let contractionOffset = MemoryLayout<BoundPass>.offset(of: \.contraction)!
  private static let copyOffset = MemoryLayout<BoundPass>.offset(of: \.copy)!
}
