import Compiler
import Datasets
import Device
import LayerGraph
import Model
import Program
import Spec

/// The networks of a checkpoint, for programs that only look at them.
///
/// A class because it owns a device's state; used from one thread at a time.
package final class TrainedNetworks {
  package let checkpoint: String
  package let spec: Spec
  package let graph: LayerGraph
  package let state: any DeviceState
  package let device: any Device
  private let file: Checkpoint
  /// With the weights that training begins with, in place of the checkpoint's.
  private let initialSeed: UInt64?
  private let tensors: [StateTensor]
  /// Those that the state holds already.
  private var loaded: Set<String> = []

  package init(
    checkpoint path: String, device: any Device
  ) throws(TrainingProblem) {
    checkpoint = path
    self.device = device
    initialSeed = nil
    file = try Checkpoint(contentsOf: path)
    (spec, graph) = try file.compiled()
    tensors = StateTensor.all(of: spec, graph: graph)
    state = try onDevice { () throws(DeviceProblem) in try device.makeState() }
  }

  private init(untrained networks: TrainedNetworks, seed: UInt64) throws(TrainingProblem) {
    (checkpoint, device, file) = (networks.checkpoint, networks.device, networks.file)
    (spec, graph, tensors) = (networks.spec, networks.graph, networks.tensors)
    initialSeed = seed
    let device = networks.device
    state = try onDevice { () throws(DeviceProblem) in try device.makeState() }
  }

  /// The same networks with the weights that training would begin with for `seed`.
  package func untrained(seed: UInt64) throws(TrainingProblem) -> TrainedNetworks {
    try TrainedNetworks(untrained: self, seed: seed)
  }

  /// What they have learned from; nil in checkpoints of an old form.
  package var data: DataFingerprint? { file.data }

  /// A program over the checkpoint's tensors.
  package func load(_ program: Program) throws(TrainingProblem) -> any LoadedProgram {
    let program = try onDevice { () throws(DeviceProblem) in try state.load(program) }
    try fill()
    return program
  }

  /// What makes images, `batch` at a time.
  package func sampler(batch: Int) throws(TrainingProblem) -> Sampler {
    guard spec.objective.loss.hasGenerator else { throw .noGenerator(spec: spec.name) }
    let sampler = try Sampler(spec: spec, graph: graph, batch: batch, state: state)
    try fill()
    return sampler
  }

  /// Reads what the programs so far need; throws where a number is not finite.
  private func fill() throws(TrainingProblem) {
    if let initialSeed {
      try onDevice { () throws(DeviceProblem) in
        try tensors.initialize(in: state, for: spec, seed: initialSeed)
      }
      return
    }
    let missing = tensors.filter { state.contains($0.name) && !loaded.contains($0.name) }
    try file.load(missing, into: state)
    for tensor in missing {
      let isFinite = try onDevice { () throws(DeviceProblem) in
        try state.withElements(of: tensor.name) { $0.areFinite }
      }
      guard isFinite else {
        throw .notFiniteCheckpoint(path: checkpoint, tensor: tensor.name)
      }
      loaded.insert(tensor.name)
    }
  }
}
