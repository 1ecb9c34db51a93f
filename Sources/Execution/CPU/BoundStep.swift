import CKernels
import Program

/// A step with addresses in place of names: a flat value without references, made once.
struct BoundStep {
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
  var phases: Int {
    kind == .contraction ? Int(contraction.wave_count * contraction.rounds) : 1
  }

  func tasks(inPhase phase: Int) -> Int {
    switch kind {
    case .fused: Int(fused.walk.tasks)
    case .contraction:
      switch phase % Int(contraction.wave_count) {
      case 0: Int(contraction.task_count.0)
      case 1: Int(contraction.task_count.1)
      default: Int(contraction.task_count.2)
      }
    case .copy: Int(copy.tasks)
    case .fill, .random: (count + Self.chunk - 1) / Self.chunk
    }
  }
}

/// What the tasks of a step need: shared by all workers, changed only between steps.
struct StepContext {
  var step: UnsafePointer<BoundStep>
  var phase: Int
  var key: RandomKey
  var workerScratch: UnsafeMutableRawPointer
  var workerScratchBytes: Int

  /// Runs one task of the step that `context` (a `StepContext`) describes.
  static let run: WorkerPool.Task = { context, task, worker in
    let context = context.assumingMemoryBound(to: StepContext.self)
    let step = context.pointee.step
    let scratch =
      context.pointee.workerScratch + worker * context.pointee.workerScratchBytes
    switch step.pointee.kind {
    case .fused:
      // The step's memory holds a ce_fused at this place for as long as the executor lives.
      let fused = UnsafeRawPointer(step).advanced(by: fusedOffset)
        .assumingMemoryBound(to: ce_fused.self)
      ce_fused_run(
        fused, Int32(task), step.pointee.scratch?.assumingMemoryBound(to: Float.self),
        scratch.assumingMemoryBound(to: Float.self))
    case .contraction:
      let plan = UnsafeRawPointer(step).advanced(by: contractionOffset)
        .assumingMemoryBound(to: ck_plan.self)
      ck_run(
        plan, Int32(context.pointee.phase), Int32(task), step.pointee.left, step.pointee.right,
        step.pointee.result, step.pointee.scratch, scratch)
    case .copy:
      let plan = UnsafeRawPointer(step).advanced(by: copyOffset)
        .assumingMemoryBound(to: ce_copy_plan.self)
      ce_copy_run(plan, Int32(task), step.pointee.left, step.pointee.result)
    case .fill:
      let first = task * BoundStep.chunk
      let count = min(BoundStep.chunk, step.pointee.count - first)
      ce_fill(step.pointee.result! + first, Int64(count), step.pointee.fill)
    case .random:
      let first = task * BoundStep.chunk
      let count = min(BoundStep.chunk, step.pointee.count - first)
      RandomStream(key: context.pointee.key, stream: step.pointee.stream).fill(
        UnsafeMutableBufferPointer(start: step.pointee.result! + first, count: count),
        step.pointee.distribution, from: first)
    }
  }

  private static let fusedOffset = MemoryLayout<BoundStep>.offset(of: \.fused)!
  private static let contractionOffset = MemoryLayout<BoundStep>.offset(of: \.contraction)!
  private static let copyOffset = MemoryLayout<BoundStep>.offset(of: \.copy)!
}
