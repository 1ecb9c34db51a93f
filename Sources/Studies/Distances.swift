import Device
import Program
import Training

/// Distances between all pairs of some vectors and a batch of others, exact: differences are taken
/// before they are squared, so that near copies do not drown in rounding.
final class Distances {
  let queries: Int
  let batch: Int
  private let state: any DeviceState
  private let loaded: any LoadedProgram

  enum Metric: String, CaseIterable {
    /// Σ |a − b|.
    case l1
    /// √Σ (a − b)².
    case l2
  }

  private static let (queryName, batchName) = ("distances.queries", "distances.batch")

  /// For queries [Q, D], which stay, and batches [B, D].
  init(
    from vectors: [Float], queries: Int, batch: Int, on device: any Device
  ) throws(TrainingProblem) {
    let size = vectors.count / queries
    (self.queries, self.batch) = (queries, batch)
    var program = ProgramBuilder()
    let pairs: Shape = [queries, batch, size]
    let a = program.input(Self.queryName, [queries, size])
    let b = program.input(Self.batchName, [batch, size])
    let difference = program.subtract(
      program.broadcast(a, to: pairs, axes: [0, 2]), program.broadcast(b, to: pairs, axes: [1, 2]))
    let distance = program.maximum(difference, program.negate(difference))
    let absolute = program.reduceSum(distance, axes: [2])
    let squares = program.reduceSum(program.square(difference), axes: [2])
    let outputs = [
      (Metric.l1.rawValue, absolute), (Metric.l2.rawValue, program.squareRoot(squares)),
    ]
    let finished = program.program(outputs: outputs)
    let state = try onDevice { () throws(DeviceProblem) in try device.makeState() }
    loaded = try onDevice { () throws(DeviceProblem) in
      let loaded = try state.load(finished)
      try state.write(vectors, to: Self.queryName)
      return loaded
    }
    self.state = state
  }

  /// The distances [Q, B] of each metric.
  func measure(_ vectors: [Float]) throws(TrainingProblem) -> [Metric: [Float]] {
    try onDevice { () throws(DeviceProblem) in
      try state.write(vectors, to: Self.batchName)
      try loaded.run(key: RandomKey(seed: 0, step: 0))
      var found: [Metric: [Float]] = [:]
      for metric in Metric.allCases { found[metric] = try loaded.output(metric.rawValue) }
      return found
    }
  }
}
