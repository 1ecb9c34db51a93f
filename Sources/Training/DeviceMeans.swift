import Collective
import Device
import Program

/// The means over all shards, computed in the memory of the devices that have the shards' numbers.
///
/// Each device adds up its own shards along the tree; the sums of all are gathered on each, which
/// adds them up to the same mean.
final class DeviceMeans {
  private let tree: ShardTree
  private let own: [ShardTree.Node]
  private let shapes: [String: Shape]
  /// The program at each place adds the sums there to those at the place before.
  private let additions: [any LoadedProgram]
  private let program: any SharedProgram

  /// Nil where the device does not share programs with just the others that have shards.
  ///
  /// - Parameter outputs: what every shard gives.
  init?(
    of outputs: [(name: String, shape: Shape)], over tree: ShardTree, on state: any DeviceState,
    _ collective: any Collective
  ) throws(DeviceProblem) {
    let devices = collective.count
    guard state.sharers == devices else { return nil }
    self.tree = tree
    shapes = Dictionary(uniqueKeysWithValues: outputs.map { ($0.name, $0.shape) })
    let nodes = (0..<devices).map { tree.nodes(covering: tree.shards(of: $0, among: devices)) }
    own = nodes[collective.rank]
    // Below a node of 2ⁿ shards n sums wait at most.
    let depth = own.enumerated().map { $0 + $1.size.trailingZeroBitCount }.max() ?? 0
    additions = try state.load((0..<depth).map { Self.addition(of: outputs, at: $0) })
    program = try state.loadShared(Self.means(of: outputs, over: tree, nodes))
  }

  /// The tensor that has the sum of an output at a place.
  ///
  /// With the shape, since an output of the same name of another program may have another.
  private static func tensor(_ output: (name: String, shape: Shape), _ place: Int) -> String {
    "shards.\(place).\(output.name).\(output.shape)"
  }

  /// Adds the sums at the place after this one to those here.
  private static func addition(
    of outputs: [(name: String, shape: Shape)], at place: Int
  ) -> Program {
    var builder = ProgramBuilder()
    let sums = outputs.map { output in
      let here = builder.input(tensor(output, place), output.shape)
      let next = builder.input(tensor(output, place + 1), output.shape)
      return (name: tensor(output, place), value: builder.add(here, next))
    }
    return builder.program(outputs: sums)
  }

  /// Of the sums of all devices, which have one at a place for each of their nodes.
  private static func means(
    of outputs: [(name: String, shape: Shape)], over tree: ShardTree, _ nodes: [[ShardTree.Node]]
  ) -> Program {
    let most = nodes.map(\.count).max() ?? 0
    var builder = ProgramBuilder()
    var means: [(name: String, value: Value)] = []
    for output in outputs {
      let gathered = (0..<most).map {
        builder.input(tensor(output, $0), Shape([nodes.count] + output.shape.dimensions))
      }
      var sums: [ShardTree.Node: Value] = [:]
      for (device, nodes) in nodes.enumerated() {
        for (node, all) in zip(nodes, gathered) {
          let slice = builder.slice(
            all, start: [device] + output.shape.dimensions.map { _ in 0 },
            limit: [device + 1] + output.shape.dimensions)
          sums[node] = builder.reshape(slice, output.shape)
        }
      }
      let sum = tree.sum(tree.root) {
        sums[$0]
      } adding: { sum, other in
        sum = builder.add(sum, other)
      }
      means.append((output.name, builder.scale(sum, by: 1 / Double(tree.shards))))
    }
    return builder.program(outputs: means)
  }

  /// Adds up this device's shards, and computes the means once all devices have done so; those that
  /// are tensors of the state replace them.
  ///
  /// - Parameter shard: computes the shard with this number, and puts each output into the tensor
  ///   that it is told.
  func compute(
    _ collective: any Collective, key: RandomKey,
    shard: (Int, (_ output: String) -> String) throws(TrainingProblem) -> Void
  ) throws(TrainingProblem) {
    for (place, node) in own.enumerated() {
      var next = place
      // The value of a node is the place of its sum.
      _ = try tree.sum(node) { (node) throws(TrainingProblem) -> Int? in
        guard node.size == 1 else { return nil }
        defer { next += 1 }
        try shard(node.first) { Self.tensor(($0, shapes[$0, default: .scalar]), next) }
        return next
      } adding: { (here, other) throws(TrainingProblem) in
        precondition(other == here + 1 && next == other + 1, "sums are at places in turn")
        try onDevice { () throws(DeviceProblem) in try additions[here].run(key: key) }
        next = other
      }
    }
    try program.run(
      meet: { () throws(TrainingProblem) in
        try amongProcesses { () throws(CollectiveProblem) in try collective.meet() }
      }, wrap: { .device($0) })
  }

  /// The elements of a mean that is no tensor of the state.
  func output(_ name: String) throws(DeviceProblem) -> [Float] { try program.output(name) }
}
