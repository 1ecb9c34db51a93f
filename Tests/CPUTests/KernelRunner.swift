import CKernels

/// The builds of the inner loops that this processor can run.
let availableISAs = [ck_isa.portable, .avx2, .avx512].filter { ck_isa_available($0) }

/// An order in which the tasks of a wave are run.
enum TaskOrder {
  case forward, reversed, interleaved

  func tasks(_ count: Int32) -> [Int32] {
    switch self {
    case .forward: Array(0..<count)
    case .reversed: (0..<count).reversed()
    case .interleaved: (0..<3).flatMap { Array(stride(from: $0, to: count, by: 3)) }
    }
  }
}

/// Runs a plan in memory that is NaN to begin with, each task with other worker scratch than the one
/// before.
func run(
  _ plan: ck_plan, _ left: [Float], _ right: [Float], outputCount: Int, order: TaskOrder
) -> [Float] {
  var plan = plan
  func poisoned(_ bytes: Int) -> UnsafeMutableRawPointer {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(bytes, 1), alignment: Int(ck_alignment))
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF, count: bytes)
    return memory
  }
  let scratch = poisoned(plan.scratch_bytes)
  let workers = [poisoned(plan.worker_scratch_bytes), poisoned(plan.worker_scratch_bytes)]
  defer {
    scratch.deallocate()
    for worker in workers { worker.deallocate() }
  }
  let taskCounts = [plan.task_count.0, plan.task_count.1, plan.task_count.2]
  var output = [Float](repeating: .nan, count: outputCount)
  for wave in 0..<plan.wave_count * plan.rounds {
    for (i, task) in order.tasks(taskCounts[Int(wave % plan.wave_count)]).enumerated() {
      // The arrays hold as many elements as the plan's shapes say; scratch is as large as it asks.
      ck_run(&plan, wave, task, left, right, &output, scratch, workers[i % 2])
    }
  }
  return output
}

/// Values in −1 … 1 that look random: a linear congruential generator (Numerical Recipes).
func generatedValues(_ count: Int, seed: UInt32) -> [Float] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return Float(Int32(bitPattern: state)) / Float(Int32.max)
  }
}

/// The first element that differs by more than rounding from the sum of `terms` products.
///
/// Each product is at most 1. Sums of values of either sign stay below about √terms, and rounding
/// adds 2⁻²⁴ of that √terms times, so errors are around 2⁻²⁴ · terms: 4 times that is allowed. A
/// forgotten product is around 0.3 and stands out at up to a million terms.
func firstDifference(_ output: [Float], _ expected: [Double], terms: Int) -> String? {
  let tolerance = 0x4p-24 * Double(terms + 1)
  for (i, value) in output.enumerated() where !(abs(Double(value) - expected[i]) <= tolerance) {
    return "element \(i) is \(value), not \(expected[i])"
  }
  return nil
}

func sameBits(_ a: [Float], _ b: [Float]) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { $0.bitPattern == $1.bitPattern }
}
