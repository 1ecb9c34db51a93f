import Model
import LayerGraph
import Layers
import Program
import CPU
import Spec

/// A training in memory: its state, and the plans that move it on.
///
/// A class because it owns the memory of the state; used from one thread at a time.
package final class TrainingSession {
  package let spec: Spec
  package let graph: LayerGraph
  package let state: [StateTensor]
  package let store: TensorStore
  private let pool: WorkerPool
  package private(set) var position = TrainingPosition()
  private let steps: [(step: TrainingStep, executor: Executor)]

  /// What one step reports; values that its kind of step does not compute are missing.
  package struct Metrics: Hashable, Sendable {
    package var discriminatorLoss: Float?
    package var generatorLoss: Float?
    /// Mean probability that the discriminator gives to real images.
    package var meanOnReal: Float?
    /// The same for generated images.
    package var meanOnFake: Float?
  }

  /// Makes the plans and the memory of all kinds of step; the state is zeros as yet.
  package init(
    spec: Spec, graph: LayerGraph, pool: WorkerPool, kernels: KernelChoice = KernelChoice()
  ) throws(TrainingProblem) {
    self.spec = spec
    self.graph = graph
    self.state = StateTensor.all(of: spec, graph: graph)
    let store = TensorStore()
    let steps = TrainingStep.all(of: spec, graph: graph)
    let executors = try Executor.make(
      for: steps.map(\.program), store: store, pool: pool, kernels: kernels)
    self.store = store
    self.pool = pool
    self.steps = zip(steps, executors).map { ($0, $1) }
  }

  /// Puts the state of a new session to its start for the spec's seed.
  package func initialize() throws(TrainingProblem) {
    try state.initialize(in: store, spec.initialization, seed: spec.train.seed, pool: pool)
  }

  /// Continues from `position`, whose state has been written into the store.
  package func resume(at position: TrainingPosition) { self.position = position }

  /// Whether the steps look at `real`, images [N, H, W, C] in the spec's range, in turn.
  package var needsImages: [Bool] { steps.map(\.step.readsReal) }

  /// The plans of all kinds of step.
  var executors: [Executor] { steps.map(\.executor) }

  /// One step on the images and labels that lie in the store.
  package func run() throws(TrainingProblem) -> Metrics {
    let (step, executor) = steps[position.step % steps.count]
    for role in step.kind.roles {
      let count = advance(role)
      let scalars = spec.train.optimizer.scalarInputs(of: role, step: count)
      for (name, value) in scalars where store.contains(name) {
        try store.set(name, to: [Float(value)])
      }
    }
    executor.run(key: RandomKey(seed: spec.train.seed, step: UInt64(position.step)))
    position.step += 1
    position.batchInEpoch += 1
    var metrics = Metrics()
    metrics.discriminatorLoss = try executor.scalar(TensorName.loss(.discriminator))
    metrics.generatorLoss = try executor.scalar(TensorName.loss(.generator))
    metrics.meanOnReal = try executor.scalar(TensorName.meanOnReal)
    metrics.meanOnFake = try executor.scalar(TensorName.meanOnFake)
    return metrics
  }

  /// The next epoch begins.
  package func completeEpoch() {
    position.epoch += 1
    position.batchInEpoch = 0
  }

  private func advance(_ role: NetworkRole) -> Int {
    switch role {
    case .generator:
      position.generatorUpdates += 1
      return position.generatorUpdates
    case .discriminator:
      position.discriminatorUpdates += 1
      return position.discriminatorUpdates
    }
  }
}
