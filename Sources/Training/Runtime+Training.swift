import Program
import CPU

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

extension Plan {
  static func all(
    for programs: [Program], kernels: KernelChoice = KernelChoice()
  ) throws(TrainingProblem) -> [Plan] {
    try programs.map { program throws(TrainingProblem) in
      do throws(PlanError) {
        return try Plan(for: program, kernels: kernels)
      } catch {
        throw .plan(error)
      }
    }
  }
}

extension Executor {
  /// Plans a program whose inputs lie in `store`; what is missing there is added as zeros.
  static func make(
    for program: Program, store: TensorStore, pool: WorkerPool, kernels: KernelChoice
  ) throws(TrainingProblem) -> Executor {
    try make(for: [program], store: store, pool: pool, kernels: kernels)[0]
  }

  /// The same for programs that never run at the same time: they share their workspace.
  static func make(
    for programs: [Program], store: TensorStore, pool: WorkerPool, kernels: KernelChoice
  ) throws(TrainingProblem) -> [Executor] {
    let plans = try Plan.all(for: programs, kernels: kernels)
    return try runtime { () throws(RuntimeError) in
      let workspace = try Workspace(for: plans, threads: pool.threads)
      return try plans.map { plan throws(RuntimeError) in
        try store.allocate(for: plan.program)
        return try Executor(plan: plan, store: store, pool: pool, workspace: workspace)
      }
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
