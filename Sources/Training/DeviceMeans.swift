import Collective
import Device
import Program

/// The means over all shards, computed in the memory of the devices that have the shards' numbers.
final class ShardMeeting {
  private let program: any SharedProgram
  private let names: [String: [String]]

  /// Nil where the device does not meet the others in its own memory.
  ///
  /// - Parameter outputs: what every shard gives.
  init?(
    of outputs: [(name: String, shape: Shape)], over tree: ShardTree, on state: any DeviceState,
    among devices: Int
  ) throws(DeviceProblem) {
    let shards = (0..<devices).map { tree.shards(of: $0, among: devices) }
    let most = shards.map(\.count).max() ?? 0
    // With the shape, since an output of the same name of another program may have another.
    names = Dictionary(
      uniqueKeysWithValues: outputs.map { name, shape in
        (name, (0..<most).map { "shards.\($0).\(name).\(shape)" })
      })
    var builder = ProgramBuilder()
    var means: [(name: String, value: Value)] = []
    for (name, shape) in outputs {
      let gathered = names[name, default: []].map {
        builder.input($0, Shape([devices] + shape.dimensions))
      }
      func number(_ shard: Int) -> Value? {
        guard let device = shards.firstIndex(where: { $0.contains(shard) }) else { return nil }
        let slice = builder.slice(
          gathered[shard - shards[device].lowerBound],
          start: [device] + shape.dimensions.map { _ in 0 },
          limit: [device + 1] + shape.dimensions)
        return builder.reshape(slice, shape)
      }
      let sum = tree.sum(tree.root) { node in
        node.size == 1 ? number(node.first) : nil
      } adding: { sum, other in
        sum = builder.add(sum, other)
      }
      means.append((name, builder.scale(sum, by: 1 / Double(tree.shards))))
    }
    guard let program = try state.load(builder.program(outputs: means), among: devices) else {
      return nil
    }
    self.program = program
  }

  /// The tensor that takes what the device's shard with this place, from 0, gives for an output.
  func tensor(_ output: String, _ shard: Int) -> String { names[output, default: []][shard] }

  /// Computes the means once all devices have met; those that are tensors of the state replace them.
  func run(_ collective: any Collective) throws(TrainingProblem) {
    try program.run(
      meet: { () throws(TrainingProblem) in
        try amongProcesses { () throws(CollectiveProblem) in try collective.meet() }
      }, wrap: { .device($0) })
  }

  /// The elements of a mean that is no tensor of the state.
  func output(_ name: String) throws(DeviceProblem) -> [Float] { try program.output(name) }
}
