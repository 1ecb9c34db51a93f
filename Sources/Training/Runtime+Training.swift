import Program
import Runtime

/// `body` with the runtime's errors as ours.
func runtime<Result>(
  _ body: () throws(RuntimeError) -> Result
) throws(TrainingProblem) -> Result {
  do { return try body() } catch { throw .runtime(error) }
}

extension WorkerPool {
  /// A pool of `threads`, or why it cannot be had.
  static func make(threads: Int) throws(TrainingProblem) -> WorkerPool {
    try runtime { () throws(RuntimeError) in try WorkerPool(threads: threads) }
  }
}

extension Executor {
  /// Plans a program whose inputs lie in `store`; what is missing there is added as zeros.
  static func make(
    for program: Program, store: TensorStore, pool: WorkerPool, kernels: KernelChoice
  ) throws(TrainingProblem) -> Executor {
    let plan: Plan
    do { plan = try Plan(for: program, kernels: kernels) } catch { throw .plan(error) }
    return try runtime { () throws(RuntimeError) in
      try store.allocate(for: program)
      return try Executor(plan: plan, store: store, pool: pool)
    }
  }

  /// A scalar output, or nil where the program has none of this name.
  func scalar(_ name: String) throws(TrainingProblem) -> Float? {
    guard plan.program.outputs.contains(where: { $0.name == name }) else { return nil }
    return try runtime { () throws(RuntimeError) in try output(name)[0] }
  }
}

extension TensorStore {
  func contains(_ name: String) -> Bool { shape(of: name) != nil }

  /// Sets all elements of a tensor.
  func set(_ name: String, to elements: [Float]) throws(TrainingProblem) {
    try runtime { () throws(RuntimeError) in try write(elements, to: name) }
  }
}
