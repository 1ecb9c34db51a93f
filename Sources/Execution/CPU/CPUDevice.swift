import Device
import Program

/// This machine's processor.
package struct CPUDevice: Device {
  package let threads: Int
  package let kernels: KernelChoice

  package init(threads: Int, kernels: KernelChoice = KernelChoice()) {
    self.threads = threads
    self.kernels = kernels
  }

  package var name: String { "cpu" }

  package var settings: String {
    "\(threads) thread\(threads == 1 ? "" : "s"), \(kernels.isa.rawValue)"
      + (kernels.algorithm == .automatic ? "" : ", \(kernels.algorithm.rawValue)")
  }

  package func makeState() throws(DeviceProblem) -> any DeviceState {
    CPUState(pool: try makePool(), kernels: kernels)
  }

  package func memory(for programs: [Program]) throws(DeviceProblem) -> DeviceMemory? {
    let plans = try Plan.all(for: programs, kernels: kernels)
    return DeviceMemory(
      passing: plans.map(\.arenaBytes).max() ?? 0, perThread: plans.map(\.workerBytes).max() ?? 0)
  }

  package var variants: [(algorithm: String, device: any Device)] {
    Plan.Algorithm.allCases.filter { $0 != .automatic }.map { algorithm in
      let kernels = KernelChoice(algorithm: algorithm, isa: kernels.isa)
      return (algorithm.rawValue, CPUDevice(threads: threads, kernels: kernels))
    }
  }

  package func measuredLimits() throws(DeviceProblem) -> DeviceLimits? {
    let pool = try makePool()
    let limits = try running { () throws(RuntimeError) in
      try MachineLimits.measured(by: pool, isa: kernels.isa)
    }
    return DeviceLimits(
      flopsPerSecond: limits.flopsPerSecond, bytesPerSecond: limits.bytesPerSecond)
  }

  private func makePool() throws(DeviceProblem) -> WorkerPool {
    try running { () throws(RuntimeError) in try WorkerPool(threads: threads) }
  }
}

/// Tensors in a store, and executors of plans on it.
private final class CPUState: DeviceState {
  private let pool: WorkerPool
  private let kernels: KernelChoice
  private let store = TensorStore()
  private var workspaceBytes = 0

  init(pool: WorkerPool, kernels: KernelChoice) {
    self.pool = pool
    self.kernels = kernels
  }

  var bytes: Int { store.bytes + workspaceBytes }

  func shape(of name: String) -> Shape? { store.shape(of: name) }

  func load(_ programs: [Program]) throws(DeviceProblem) -> [any LoadedProgram] {
    let plans = try Plan.all(for: programs, kernels: kernels)
    return try running { () throws(RuntimeError) in
      let workspace = try Workspace(for: plans, threads: pool.threads)
      let loaded = try plans.map { plan throws(RuntimeError) in
        try store.allocate(for: plan.program)
        return CPUProgram(
          try Executor(plan: plan, store: store, pool: pool, workspace: workspace))
      }
      workspaceBytes += workspace.bytes
      return loaded
    }
  }

  func write(_ elements: UnsafeBufferPointer<Float>, to name: String) throws(DeviceProblem) {
    let buffer = try running { () throws(RuntimeError) in try store.buffer(name) }
    guard elements.count == buffer.count else {
      throw .wrongCount(name: name, expected: buffer.count, found: elements.count)
    }
    _ = buffer.update(fromContentsOf: elements)
  }

  func withElements<Result>(
    of name: String, _ body: (UnsafeBufferPointer<Float>) -> Result
  ) throws(DeviceProblem) -> Result {
    body(UnsafeBufferPointer(try running { () throws(RuntimeError) in try store.buffer(name) }))
  }

  /// The random numbers of a large network take longer than its first pass on one thread, so that
  /// pieces of all tensors are filled on all threads.
  func fill(
    _ names: [String],
    by fill: @escaping @Sendable (Int, Int, UnsafeMutableBufferPointer<Float>) -> Void
  ) throws(DeviceProblem) {
    var pieces: [Piece] = []
    for (index, name) in names.enumerated() {
      let buffer = try running { () throws(RuntimeError) in try store.buffer(name) }
      for first in stride(from: 0, to: buffer.count, by: Piece.length) {
        let end = min(first + Piece.length, buffer.count)
        pieces.append(
          Piece(
            tensor: index, first: first,
            elements: UnsafeMutableBufferPointer(rebasing: buffer[first..<end])))
      }
    }
    pool.forEach(in: pieces) { fill($0.tensor, $0.first, $0.elements) }
  }
}

/// Part of a tensor.
///
/// Rule behind `@unchecked Sendable`: pieces do not overlap, and the store, which owns the memory,
/// outlives the job.
private struct Piece: @unchecked Sendable {
  /// Elements; some milliseconds of work.
  static let length = 1 << 16

  let tensor: Int
  let first: Int
  let elements: UnsafeMutableBufferPointer<Float>
}

extension WorkerPool {
  /// Runs `body` once for each item, on any thread and in any order, and returns when all are done.
  fileprivate func forEach<Item: Sendable>(
    in items: [Item], _ body: @Sendable @escaping (Item) -> Void
  ) {
    let job: @Sendable (Int) -> Void = { body(items[$0]) }
    // The job outlives the tasks: `run` returns when all of them have.
    withUnsafePointer(to: job) { pointer in
      run(items.count, UnsafeRawPointer(pointer)) { context, index, _ in
        context.assumingMemoryBound(to: (@Sendable (Int) -> Void).self).pointee(index)
      }
    }
  }
}

private final class CPUProgram: LoadedProgram {
  private let executor: Executor

  init(_ executor: Executor) { self.executor = executor }

  var program: Program { executor.plan.program }

  func run(key: RandomKey) { executor.run(key: key) }

  func run(
    key: RandomKey, finished: (String) throws(DeviceProblem) -> Void
  ) throws(DeviceProblem) {
    try executor.run(key: key, finished: finished)
  }

  func output(_ name: String) throws(DeviceProblem) -> [Float] {
    try running { () throws(RuntimeError) in try executor.output(name) }
  }

  var passes: [DevicePass]? { executor.plan.passDescriptions.map(DevicePass.init) }

  func profile(key: RandomKey) -> [Duration]? { executor.runProfiled(key: key).map(\.duration) }
}

extension DevicePass {
  fileprivate init(_ pass: PassDescription) {
    self.init(
      op: pass.op, instruction: pass.instruction, origin: pass.origin,
      algorithm: pass.algorithm?.rawValue, flops: pass.flops, computedFlops: pass.computedFlops,
      bytes: pass.bytes)
  }
}

extension Plan {
  fileprivate static func all(
    for programs: [Program], kernels: KernelChoice
  ) throws(DeviceProblem) -> [Plan] {
    try programs.map { program throws(DeviceProblem) in
      do throws(PlanError) {
        return try Plan(for: program, kernels: kernels)
      } catch {
        throw .unable(reason: error.description)
      }
    }
  }
}

/// `body` with the executor's errors as a device's.
private func running<Result>(
  _ body: () throws(RuntimeError) -> Result
) throws(DeviceProblem) -> Result {
  do {
    return try body()
  } catch {
    switch error {
    case .outOfMemory(let bytes, let before): throw .outOfMemory(bytes: bytes, before: before)
    case .missingTensor(let name): throw .missingTensor(name: name)
    case .wrongShape(let name, let expected, let found):
      throw .wrongShape(name: name, expected: expected, found: found)
    case .wrongCount(let name, let expected, let found):
      throw .wrongCount(name: name, expected: expected, found: found)
    case .threadFailed: throw .unable(reason: error.description)
    }
  }
}
