import Collective
import Device
import LayerGraph
import Layers
import Model
import Program
import Spec

/// A training in memory: its state on a device, and the programs that move it on.
///
/// A class because it owns the state; used from one thread at a time.
package final class TrainingSession {
  package let spec: Spec
  package let graph: LayerGraph
  package let device: any Device
  package let state: any DeviceState
  /// The tensors that are carried from step to step.
  package let tensors: [StateTensor]
  package private(set) var position = TrainingPosition()
  private var steps: [(step: TrainingStep, loaded: any LoadedProgram)]
  /// What takes the steps of a batch that is cut into shards; nil where it is not.
  private var sharded: ShardedSteps?
  /// What took the latest step, where that is one program.
  private var latest: (any LoadedProgram)?
  /// Images in a step of all processes.
  private let batch: Int
  private let shards: Int
  let collective: any Collective
  /// Whether the other processes do not have this one's state.
  var isStateNew = true
  /// Whether steps move the parameters; else their learning rates are 0.
  package var learns = true
  /// Batches in an epoch, which a decay of the learning rates goes by; nil where it is by whole epochs.
  package var batchesPerEpoch: Int?

  /// What one step reports; values that its kind of step does not compute are missing.
  package struct Metrics: Hashable, Sendable {
    package var discriminatorLoss: Float?
    package var generatorLoss: Float?
    /// Mean probability that the discriminator gives to real images.
    package var meanOnReal: Float?
    /// The same for generated images.
    package var meanOnFake: Float?
    /// Mean score of real images, where the loss is about scores and not about probabilities.
    package var scoreOnReal: Float?
    /// The same for generated images.
    package var scoreOnFake: Float?
  }

  /// Loads the programs of all kinds of step; the state is zeros at first.
  ///
  /// - Parameters:
  ///   - batch: images in a step, if not those of the spec; it is not cut into shards.
  ///   - collective: the processes that share the shards.
  package init(
    spec: Spec, graph: LayerGraph, device: any Device, batch: Int? = nil,
    options: TrainingStep.Options = TrainingStep.Options(),
    collective: any Collective = Alone()
  ) throws(TrainingProblem) {
    self.collective = collective
    shards = batch == nil ? spec.train.shards : 1
    try Self.check(collective, for: spec)
    self.spec = spec
    self.graph = graph
    self.device = device
    tensors = StateTensor.all(of: spec, graph: graph)
    self.batch = batch ?? spec.train.batch
    state = try onDevice { () throws(DeviceProblem) in try device.makeState() }
    steps = []
    try load(options)
  }

  /// Refuses more processes than a batch of the spec has shards.
  static func check(_ collective: any Collective, for spec: Spec) throws(TrainingProblem) {
    guard collective.count <= spec.train.shards else {
      throw .fewShards(
        shards: spec.train.shards, batch: spec.train.batch, processes: collective.count)
    }
  }

  /// Replaces the programs by those that take and give what `options` say.
  package func load(_ options: TrainingStep.Options) throws(TrainingProblem) {
    var options = options
    options.shards = shards
    let steps = TrainingStep.all(
      of: spec, graph: graph, batch: batch / shards, options: options)
    if shards > 1 {
      let tree = ShardTree(shards: shards)
      let sharded = try onDevice { () throws(DeviceProblem) in
        try ShardedSteps(steps, on: state, tree: tree, collective: collective)
      }
      // The whole steps are asked what they read and give; they are not loaded.
      self.steps = zip(steps, sharded.programs).map { ($0, $1) }
      self.sharded = sharded
      return
    }
    let programs = try onDevice { () throws(DeviceProblem) in
      try state.load(steps.map(\.program))
    }
    self.steps = zip(steps, programs).map { ($0, $1) }
  }

  /// Puts the state of a new session to its start for the spec's seed.
  package func initialize() throws(TrainingProblem) {
    try onDevice { () throws(DeviceProblem) in
      try tensors.initialize(in: state, for: spec, seed: spec.train.seed)
    }
    isStateNew = true
  }

  /// Continues from `position`, whose state has been written.
  package func resume(at position: TrainingPosition) {
    self.position = position
    isStateNew = true
  }

  /// Places of a batch whose images and labels this process takes.
  package var places: Range<Int> {
    guard let own = sharded?.own else { return 0..<batch }
    let size = batch / shards
    return own.lowerBound * size..<own.upperBound * size
  }

  /// Whether the steps look at `real`, images [N, H, W, C] in the spec's range, in turn.
  package var needsImages: [Bool] { steps.map(\.step.readsReal) }

  /// The programs of all kinds of step.
  package var programs: [any LoadedProgram] { sharded?.programs ?? steps.map(\.loaded) }

  /// Writes the images of the next step at `places`, [N, H, W, C] in the spec's range.
  package func setImages(_ images: [Float]) throws(TrainingProblem) {
    if let sharded { return sharded.set(images: images) }
    try onDevice { () throws(DeviceProblem) in try state.write(images, to: TensorName.real) }
  }

  /// Writes the labels of the next step, of a conditional network; one that has no layer which
  /// joins them needs none.
  package func setLabels(_ labels: [Int], classes: Int) throws(TrainingProblem) {
    guard state.contains(TensorName.labels) else { return }
    if let sharded { return sharded.set(labels: oneHot(labels, classes: classes)) }
    try onDevice { () throws(DeviceProblem) in
      try state.write(oneHot(labels, classes: classes), to: TensorName.labels)
    }
  }

  /// One step on the images and labels that have been written.
  package func run() throws(TrainingProblem) -> Metrics {
    if collective.rank == 0 { try announceStep() }
    guard let sharded else {
      return try onDevice { () throws(DeviceProblem) in
        let loaded = nextProgram
        let key = try beginStep()
        try loaded.run(key: key)
        latest = loaded
        endStep()
        return try Metrics { name throws(DeviceProblem) in try loaded.scalar(name) }
      }
    }
    let kind = position.step % steps.count
    let key = try onDevice { () throws(DeviceProblem) in try beginStep() }
    try sharded.run(kind: kind, key: key)
    endStep()
    return try Metrics { name throws(TrainingProblem) in sharded.scalar(name) }
  }

  /// A number that the latest step has given, the mean over its shards; nil where it gives none.
  package func scalar(_ name: String) throws(TrainingProblem) -> Float? {
    if let sharded { return sharded.scalar(name) }
    return try onDevice { () throws(DeviceProblem) in try latest?.scalar(name) }
  }

  /// The step that comes next.
  package var nextStep: TrainingStep { steps[position.step % steps.count].step }

  /// What runs the next step.
  package var nextProgram: any LoadedProgram { steps[position.step % steps.count].loaded }

  /// Writes the optimisers' scalars of the next step; the key is of its random numbers.
  private func beginStep() throws(DeviceProblem) -> RandomKey {
    for role in nextStep.kind.roles {
      let scalars = spec.train.optimizer(of: role).scalarInputs(
        of: role, step: advance(role), rateFactor: rateFactor)
      for (name, value) in scalars where state.contains(name) {
        try state.write([Float(value)], to: name)
      }
    }
    if state.contains(TensorName.averageShare) {
      let share = spec.train.generator.averageShare(update: position.generatorUpdates)
      try state.write([Float(share)], to: TensorName.averageShare)
    }
    return RandomKey(seed: spec.train.seed, step: UInt64(position.step))
  }

  /// What the learning rates of the next step are multiplied by.
  private var rateFactor: Double {
    guard learns else { return 0 }
    let part = batchesPerEpoch.map { Double(position.batchInEpoch) / Double($0) } ?? 0
    return position.rateFactor
      * spec.train.schedule.factor(step: position.step, epoch: Double(position.epoch) + part)
  }

  /// The step that has begun is done.
  private func endStep() {
    position.step += 1
    position.batchInEpoch += 1
  }

  /// The first tensor with a value that is infinite or not a number, or nil.
  package func tensorThatIsNotFinite() throws(TrainingProblem) -> String? {
    try onDevice { () throws(DeviceProblem) in
      for tensor in tensors where state.contains(tensor.name) {
        let isFinite = try state.withElements(of: tensor.name) { $0.areFinite }
        if !isFinite { return tensor.name }
      }
      return nil
    }
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

extension UnsafeBufferPointer<Float> {
  /// Whether none is infinite or not a number.
  var areFinite: Bool {
    // Exponents of ones mark both; a maximum of integers vectorises.
    let ones: UInt32 = 0x7F80_0000
    var largest: UInt32 = 0
    for x in self { largest = Swift.max(largest, x.bitPattern & ones) }
    return largest != ones
  }
}

extension TrainingSession.Metrics {
  /// From a step's scalars by their names.
  fileprivate init<Failure>(
    of scalar: (String) throws(Failure) -> Float?
  ) throws(Failure) {
    self.init(
      discriminatorLoss: try scalar(TensorName.loss(.discriminator)),
      generatorLoss: try scalar(TensorName.loss(.generator)),
      meanOnReal: try scalar(TensorName.meanOnReal),
      meanOnFake: try scalar(TensorName.meanOnFake),
      scoreOnReal: try scalar(TensorName.scoreOnReal),
      scoreOnFake: try scalar(TensorName.scoreOnFake))
  }
}
