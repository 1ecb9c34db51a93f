import Collective
import Device
import Model
import Program

/// Takes steps whose batch is cut into equal shards, which one process or several compute.
///
/// A shard's data and random numbers follow from its place in the batch. What the shards give is
/// summed along a fixed tree, so that the bits depend on the number of shards and not on that of
/// processes. Batchnorm sees a shard unless it is `over: all`: then the programs are cut where shards
/// meet. Running statistics become the mean over the shards.
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

  /// Values that a shard's stages hand on, by name.
  private typealias Values = [String: [Float]]

  fileprivate struct Part {
    let half: StepPart.Half
    /// In the order in which all shards run them; an update has one.
    let stages: [Stage]
    /// What goes out of all stages, in the order in which the program computes it.
    let outputs: [(name: String, shape: Shape)]
    /// The place of each among them.
    let places: [String: Int]
    /// Outputs that replace inputs: state that each shard begins with anew.
    let moved: [String]
    /// Outputs that the update reads.
    let gradients: Set<String>
    /// Adds up in the devices' memory; nil where that is done in the host's.
    let means: DeviceMeans?
  }

  fileprivate struct Stage {
    let cut: ShardStage
    let loaded: any LoadedProgram
    let inputs: Set<String>
    let results: Set<String>
    /// Outputs whose means over the shards later stages read.
    let meetings: [(name: String, count: Int)]
  }

  /// - Parameter steps: of one shard's size.
  init(
    _ steps: [TrainingStep], on state: any DeviceState, tree: ShardTree,
    collective: any Collective
  ) throws(DeviceProblem) {
    self.tree = tree
    self.collective = collective
    self.state = state
    let cuts = steps.enumerated().map { index, step in
      step.parts.map { $0.program.shardStages(naming: "shards.\(index).\($0.role)") }
    }
    let loaded = try state.load(cuts.joined().joined().map(\.program))
    var next = 0
    for (step, cuts) in zip(steps, cuts) {
      var parts: [Part] = []
      for (part, cuts) in zip(step.parts, cuts) {
        let stages = cuts.map { cut in
          defer { next += 1 }
          return Stage(cut, loaded: loaded[next])
        }
        parts.append(try Part(part, stages: stages, over: tree, on: state, collective))
      }
      kinds.append(parts)
    }
  }

  /// The shards that this process computes.
  var own: Range<Int> { tree.shards(of: collective.rank, among: collective.count) }

  var programs: [any LoadedProgram] { kinds.flatMap { $0.flatMap { $0.stages.map(\.loaded) } } }

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
      case .update:
        try onDevice { () throws(DeviceProblem) in
          for stage in part.stages { try stage.loaded.run(key: key) }
        }
      }
    }
  }

  private func runShards(_ part: Part, _ key: RandomKey) throws(TrainingProblem) {
    var before = Values()
    for name in part.moved {
      before[name] = try onDevice { () throws(DeviceProblem) in try state.read(name) }
    }
    // For each of this process's shards what its stages have given.
    var given = [Values](repeating: [:], count: own.count)
    for stage in part.stages.dropLast() {
      let means = try mean { shard throws(DeviceProblem) in
        try run(stage, of: shard, with: given[shard], key)
        for name in stage.cut.kept + stage.cut.results {
          given[shard][name] = try stage.loaded.output(name)
        }
        var all: [Float] = []
        for meeting in stage.meetings { all += try stage.loaded.output(meeting.name) }
        return all
      }
      var start = 0
      for (name, count) in stage.meetings {
        let numbers = Array(means[start..<start + count])
        start += count
        try onDevice { () throws(DeviceProblem) in try state.write(numbers, to: name) }
      }
    }
    guard let last = part.stages.last else { return }
    for shard in given.indices { given[shard].merge(before) { own, _ in own } }
    if let means = part.means {
      try run(part, last, means, given, key)
    } else {
      try take(try means(of: part, last, given, key), of: part)
    }
  }

  /// Runs the last stage of each shard, and leaves the means in the devices' memory.
  ///
  /// Only what earlier stages have given comes from the host's.
  private func run(
    _ part: Part, _ last: Stage, _ means: DeviceMeans, _ given: [Values], _ key: RandomKey
  ) throws(TrainingProblem) {
    let first = own.lowerBound
    try means.compute(collective, key: key) { shard, tensor throws(TrainingProblem) in
      let given = given[shard - first]
      try onDevice { () throws(DeviceProblem) in
        for (name, numbers) in given where !last.results.contains(name) {
          if part.places[name] != nil { try state.write(numbers, to: tensor(name)) }
        }
        try run(last, of: shard - first, with: given, key)
        for name in last.results where part.places[name] != nil {
          try state.keep(name, of: last.loaded, as: tensor(name))
        }
      }
    }
    try onDevice { () throws(DeviceProblem) in
      for (name, shape) in part.outputs where shape.count == 1 && !state.contains(name) {
        results[name] = try means.output(name).first
      }
    }
  }

  /// The means over all shards of all outputs, in their order, the last stage being run for them.
  ///
  /// What is final of this process's last shard is exchanged while the rest is computed.
  ///
  /// - Parameter given: for each of this process's shards what its earlier stages have given.
  private func means(
    of part: Part, _ last: Stage, _ given: [Values], _ key: RandomKey
  ) throws(TrainingProblem) -> [Float] {
    let nodes = tree.nodes(covering: own)
    guard let (beside, lastShard) = nodes.last.map(tree.wayToLastShard) else { return [] }
    let first = own.lowerBound
    var earlier: [[Float]] = []
    for node in nodes.dropLast() + beside {
      earlier.append(
        try tree.sum(node) { node throws(TrainingProblem) in
          guard node.size == 1 else { return nil }
          var parts = [[Float]](repeating: [], count: part.outputs.count)
          try run(last, of: part, of: node.first - first, with: given, key) { parts[$0] = $1 }
          return parts.flatMap(\.self)
        })
    }

    let exchange = SumInPieces(over: tree, collective)
    var start = 0
    func add(_ numbers: [Float]) {
      let sums = earlier.map { Array($0[start..<start + numbers.count]) }
      start += numbers.count
      var sum = numbers
      for other in sums.suffix(beside.count).reversed() { sum.add(other) }
      exchange.add(sums.dropLast(beside.count) + [sum])
    }
    var waiting: [Int: [Float]] = [:]
    var next = 0
    try run(last, of: part, of: lastShard - first, with: given, key) { index, numbers in
      waiting[index] = numbers
      while let numbers = waiting.removeValue(forKey: next) {
        add(numbers)
        next += 1
      }
    }
    var sum = try amongProcesses { () throws(CollectiveProblem) in try exchange.finish() }
    let share = 1 / Float(tree.shards)
    for index in sum.indices { sum[index] *= share }
    return sum
  }

  /// Runs the last stage of one of this process's shards, from 0, and hands over each output with its
  /// place among them.
  private func run(
    _ last: Stage, of part: Part, of shard: Int, with given: [Values], _ key: RandomKey,
    output: (Int, [Float]) -> Void
  ) throws(TrainingProblem) {
    for (name, numbers) in given[shard] where !last.results.contains(name) {
      if let place = part.places[name] { output(place, numbers) }
    }
    try onDevice { () throws(DeviceProblem) in
      try run(last, of: shard, with: given[shard], key) { name throws(DeviceProblem) in
        if let place = part.places[name] { output(place, try last.loaded.output(name)) }
      }
    }
  }

  /// The means over all shards of what `numbers` gives for each of this process's, from 0.
  private func mean(
    of numbers: (Int) throws(DeviceProblem) -> [Float]
  ) throws(TrainingProblem) -> [Float] {
    let first = own.lowerBound
    var sum = try collective.sum(
      over: tree, wrap: { .collective($0) }
    ) { shard throws(TrainingProblem) in
      try onDevice { () throws(DeviceProblem) in try numbers(shard - first) }
    }
    let share = 1 / Float(tree.shards)
    for index in sum.indices { sum[index] *= share }
    return sum
  }

  /// Runs a stage of one of this process's shards, from 0, on its images, labels and `values`.
  private func run(
    _ stage: Stage, of shard: Int, with values: Values, _ key: RandomKey,
    finished: (String) throws(DeviceProblem) -> Void = { _ in }
  ) throws(DeviceProblem) {
    for (rows, name) in [(images, TensorName.real), (labels, TensorName.labels)]
    where stage.inputs.contains(name) {
      try write(rows, to: name, shard)
    }
    for (name, numbers) in values where stage.inputs.contains(name) {
      try state.write(numbers, to: name)
    }
    try stage.loaded.run(key: key.ofShard(own.lowerBound + shard), finished: finished)
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

extension ShardedSteps.Stage {
  fileprivate init(_ cut: ShardStage, loaded: any LoadedProgram) {
    self.cut = cut
    self.loaded = loaded
    inputs = Set(cut.program.inputs.map(\.name))
    results = Set(cut.results)
    meetings = cut.program.outputs.filter { cut.meetings.contains($0.name) }
      .map { ($0.name, cut.program[$0.value].shape.count) }
  }
}

extension ShardedSteps.Part {
  fileprivate init(
    _ part: StepPart, stages: [ShardedSteps.Stage], over tree: ShardTree, on state: any DeviceState,
    _ collective: any Collective
  ) throws(DeviceProblem) {
    half = part.half
    self.stages = stages
    let names = part.program.outputs.map(\.name)
    let inputs = Set(part.program.inputs.map(\.name))
    outputs = part.program.outputs.sorted { ($0.value.index, $0.name) < ($1.value.index, $1.name) }
      .map { ($0.name, part.program[$0.value].shape) }
    places = Dictionary(uniqueKeysWithValues: outputs.enumerated().map { ($1.name, $0) })
    moved = names.filter(inputs.contains)
    gradients = Set(names.filter(TensorName.isGradient))
    means =
      half == .gradients ? try DeviceMeans(of: outputs, over: tree, on: state, collective) : nil
  }
}

extension RandomKey {
  /// Each shard draws numbers of its own: the upper bits of the step, which no training reaches, say
  /// which.
  fileprivate func ofShard(_ shard: Int) -> RandomKey {
    RandomKey(seed: seed, step: step | UInt64(shard) << 48)
  }
}
