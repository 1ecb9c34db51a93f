import CKernels
import Program

/// Runs a plan on the tensors of a store, as often as wanted.
///
/// Rule behind `@unchecked Sendable`: an executor and its store are used by one thread at a time.
public final class Executor: @unchecked Sendable {
  public let plan: Plan
  public let store: TensorStore
  private let pool: WorkerPool
  public let workspace: Workspace
  private let binder: PassBinder
  private let passes: UnsafeMutableBufferPointer<BoundPass>

  /// The store must hold all inputs of the program; see `TensorStore.allocate(for:)`.
  ///
  /// - Parameter workspace: made for this plan among others, or nil for one of its own.
  public init(
    plan: Plan, store: TensorStore, pool: WorkerPool, workspace: Workspace? = nil
  ) throws(RuntimeError) {
    self.plan = plan
    self.store = store
    self.pool = pool
    for input in plan.program.inputs {
      guard let shape = store.shape(of: input.name) else {
        throw .missingTensor(name: input.name)
      }
      guard shape == input.shape else {
        throw .wrongShape(name: input.name, expected: input.shape, found: shape)
      }
    }
    let workspace =
      if let workspace { workspace } else { try Workspace(for: [plan], threads: pool.threads) }
    precondition(
      plan.arenaBytes <= workspace.arena.bytes
        && plan.workerBytes * pool.threads <= workspace.workerScratch.bytes
        && plan.workerBytes <= workspace.workerScratchBytes, "a workspace for other plans")
    self.workspace = workspace
    var inputs: [String: UnsafeMutablePointer<Float>] = [:]
    for input in plan.program.inputs {
      inputs[input.name] = try store.buffer(input.name).baseAddress
    }
    let start = workspace.arena.address
    binder = PassBinder(plan, arena: start) { node in
      switch plan.places[node] {
      // Within the arena by the memory plan; bound to Float for as long as it lives.
      case .arena(let offset): (start + offset).assumingMemoryBound(to: Float.self)
      case .input(let name): inputs[name]!
      case nil: preconditionFailure("node \(node) has no memory")
      }
    }
    passes = .allocate(capacity: binder.passes.count)
    _ = passes.initialize(fromContentsOf: binder.passes)
  }

  public convenience init(
    program: Program, store: TensorStore, pool: WorkerPool, isa: Plan.ISA = .best
  ) throws {
    try self.init(plan: try Plan(for: program, isa: isa), store: store, pool: pool)
  }

  deinit { passes.deallocate() }

  // MARK: Running

  /// Runs the program once; outputs that have the name of an input have replaced it afterwards.
  public func run(key: RandomKey = RandomKey(seed: 0, step: 0)) {
    var context = context(key)
    for index in passes.indices { run(index, &context) }
  }

  /// Runs the program once and calls `finished` with the name of each output as soon as its elements
  /// are final; those that replace an input come at the end.
  public func run<Failure>(
    key: RandomKey, finished: (String) throws(Failure) -> Void
  ) throws(Failure) {
    var context = context(key)
    var names = plan.outputsAfterPasses
    for index in passes.indices {
      run(index, &context)
      let pass = binder.plannedPass[index]
      let isLast = index + 1 == passes.count || binder.plannedPass[index + 1] != pass
      if isLast { for name in names.removeValue(forKey: pass) ?? [] { try finished(name) } }
    }
    for name in names.sorted(by: { $0.key < $1.key }).flatMap(\.value) { try finished(name) }
  }

  /// Runs the program once and measures each planned pass.
  public func runProfiled(key: RandomKey = RandomKey(seed: 0, step: 0)) -> [PassTime] {
    var context = context(key)
    let clock = ContinuousClock()
    var durations = [Duration](repeating: .zero, count: plan.passes.count)
    for index in passes.indices {
      let start = clock.now
      run(index, &context)
      durations[binder.plannedPass[index]] += clock.now - start
    }
    return zip(plan.passDescriptions, durations).map { PassTime(pass: $0, duration: $1) }
  }

  public struct PassTime: Sendable {
    public let pass: PassDescription
    public let duration: Duration
  }

  private func context(_ key: RandomKey) -> PassContext? {
    guard let first = passes.baseAddress else { return nil }
    return PassContext(
      pass: UnsafePointer(first), wave: 0, key: key,
      workerScratch: workspace.workerScratch.address,
      workerScratchBytes: workspace.workerScratchBytes)
  }

  private func run(_ index: Int, _ context: inout PassContext?) {
    guard var current = context else { return }
    let pass = passes.baseAddress! + index
    current.pass = UnsafePointer(pass)
    for wave in 0..<pass.pointee.waves {
      current.wave = wave
      let tasks = pass.pointee.tasks(inWave: wave)
      // The context outlives the job: `run` returns when all its tasks have.
      withUnsafePointer(to: &current) { pool.run(tasks, UnsafeRawPointer($0), PassContext.run) }
    }
    if pass.pointee.kind == .fused {
      ce_fused_finish(
        &pass.pointee.fused, pass.pointee.scratch?.assumingMemoryBound(to: Float.self))
    }
  }

  // MARK: Outputs

  /// The elements of an output of the last run, until another executor uses the same workspace.
  ///
  /// Outputs that replace an input are in the store too.
  public func output(_ name: String) throws(RuntimeError) -> [Float] {
    Array(try outputBuffer(name))
  }

  private func outputBuffer(
    _ name: String
  ) throws(RuntimeError) -> UnsafeMutableBufferPointer<Float> {
    guard let output = plan.graph.outputs.first(where: { $0.name == name }) else {
      throw .missingTensor(name: name)
    }
    switch plan.places[output.node] {
    case .arena(let offset):
      return workspace.arena.floats(at: offset, count: plan.graph.nodes[output.node].count)
    case .input(let input): return try store.buffer(input)
    case nil: throw .missingTensor(name: name)
    }
  }
}
