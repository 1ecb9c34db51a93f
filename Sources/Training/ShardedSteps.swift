import Collective
import Device
import Model
import Program

/// Takes steps whose batch is cut into equal shards, which one process or several compute.
///
/// A shard's data and random numbers follow from its place in the batch. What the shards give is
/// summed along a fixed tree, so that the bits depend on the number of shards and not on that of
/// processes. Batchnorm sees a shard; running statistics become the mean over the shards.
///
/// A class because it owns loaded programs; used from one thread.
final class ShardedSteps {
  let tree: ShardTree
  let collective: any Collective
  private let state: any DeviceState
  private var kinds: [[Part]] = []
  /// What the shards of the latest step have given, but for gradients and state.
  private var results: [String: Float] = [:]
  /// Images [n, H, W, C] and labels [n, classes] of this process's shards.
  private var images: [Float] = []
  private var labels: [Float] = []

  private struct Part {
    let half: StepPart.Half
    let loaded: any LoadedProgram
    /// What goes in.
    let inputs: Set<String>
    /// What goes out, in order.
    let outputs: [(name: String, shape: Shape)]
    /// Outputs that replace inputs: state that each shard begins with anew.
    let moved: [String]
    /// Outputs that the update reads.
    let gradients: Set<String>
  }

  /// - Parameter steps: of one shard's size.
  init(
    _ steps: [TrainingStep], on state: any DeviceState, tree: ShardTree,
    collective: any Collective
  ) throws(DeviceProblem) {
    self.tree = tree
    self.collective = collective
    self.state = state
    let loaded = try state.load(steps.flatMap(\.parts).map(\.program))
    var next = 0
    for step in steps {
      var parts: [Part] = []
      for part in step.parts {
        let inputs = Set(part.program.inputs.map(\.name))
        let names = part.program.outputs.map(\.name)
        parts.append(
          Part(
            half: part.half, loaded: loaded[next], inputs: inputs,
            outputs: part.program.outputs.map { ($0.name, part.program[$0.value].shape) },
            moved: names.filter(inputs.contains),
            gradients: Set(names.filter(TensorName.isGradient))))
        next += 1
      }
      kinds.append(parts)
    }
  }

  /// The shards that this process computes.
  var own: Range<Int> { tree.shards(of: collective.rank, among: collective.count) }

  var programs: [any LoadedProgram] { kinds.flatMap { $0.map(\.loaded) } }

  /// Takes the images or one-hot labels of this process's shards for the next step.
  func set(images: [Float]) { self.images = images }
  func set(labels: [Float]) { self.labels = labels }

  /// A scalar that the latest step has given: the mean over the shards.
  func scalar(_ name: String) -> Float? { results[name] }

  /// Runs a step of the kind with this place in the sequence.
  func run(kind: Int, key: RandomKey) throws(TrainingProblem) {
    results = [:]
    for part in kinds[kind] {
      switch part.half {
      case .gradients: try runShards(part, key)
      case .update: try onDevice { () throws(DeviceProblem) in try part.loaded.run(key: key) }
      }
    }
  }

  private func runShards(_ part: Part, _ key: RandomKey) throws(TrainingProblem) {
    var before: [[Float]] = []
    for name in part.moved {
      before.append(try onDevice { () throws(DeviceProblem) in try state.read(name) })
    }
    let first = own.lowerBound
    var sum = try collective.sum(
      over: tree, wrap: { .collective($0) }
    ) { shard throws(TrainingProblem) in
      try onDevice { () throws(DeviceProblem) in
        for (rows, name) in [(images, TensorName.real), (labels, TensorName.labels)]
        where part.inputs.contains(name) {
          try write(rows, to: name, shard - first)
        }
        if shard > first {
          for (name, numbers) in zip(part.moved, before) { try state.write(numbers, to: name) }
        }
        try part.loaded.run(key: key.ofShard(shard))
        var all: [Float] = []
        for output in part.outputs { all += try part.loaded.output(output.name) }
        return all
      }
    }
    let share = 1 / Float(tree.shards)
    for index in sum.indices { sum[index] *= share }
    try take(sum, of: part)
  }

  /// Puts means where they belong: gradients and moved state into the state, all else aside.
  private func take(_ means: [Float], of part: Part) throws(TrainingProblem) {
    var start = 0
    for (name, shape) in part.outputs {
      let numbers = means[start..<start + shape.count]
      start += shape.count
      if part.moved.contains(name) || part.gradients.contains(name) {
        try onDevice { () throws(DeviceProblem) in try state.write(Array(numbers), to: name) }
      } else if shape.count == 1 {
        results[name] = numbers.first
      }
    }
  }

  /// The rows of one of this process's shards.
  private func write(
    _ rows: [Float], to name: String, _ index: Int
  ) throws(DeviceProblem) {
    guard let shape = state.shape(of: name), !rows.isEmpty else { return }
    try rows.withUnsafeBufferPointer { rows throws(DeviceProblem) in
      let part = rows[index * shape.count..<(index + 1) * shape.count]
      try state.write(UnsafeBufferPointer(rebasing: part), to: name)
    }
  }
}

extension RandomKey {
  /// Each shard draws numbers of its own: the upper bits of the step, which no training reaches, say
  /// which.
  fileprivate func ofShard(_ shard: Int) -> RandomKey {
    RandomKey(seed: seed, step: step | UInt64(shard) << 48)
  }
}
