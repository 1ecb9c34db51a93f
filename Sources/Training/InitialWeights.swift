import Device
import Files
import Model
import Program

/// Weights of another training to begin with: what fits is taken by name, the rest starts fresh.
struct InitialWeights {
  /// Tensors that fit.
  let taken: [StateTensor]
  /// A line for each tensor that is left as it is, and why.
  let left: [String]
  private let checkpoint: Checkpoint
  /// Averages that the other training had not.
  private let averages: [(average: StateTensor, of: StateTensor)]

  /// - Parameters:
  ///   - path: a checkpoint, or the folder of a run.
  ///   - tensors: of the new training; what an optimiser keeps is never taken.
  init(from path: String, for tensors: [StateTensor]) throws(TrainingProblem) {
    checkpoint = try Checkpoint(contentsOf: SamplingRun.checkpoint(at: path))
    var taken: [StateTensor] = []
    var left: [String] = []
    for tensor in tensors where !tensor.isOptimizerState {
      let expected = tensor.parameter.fileShape.dimensions
      switch checkpoint.shape(of: tensor.name) {
      case nil where tensor.averaged != nil: break
      case nil: left.append("\(tensor.name) is not in it")
      case expected: taken.append(tensor)
      case let found?:
        left.append("\(tensor.name) is \(found.times) there, \(expected.times) here")
      }
    }
    guard !taken.isEmpty else { throw .nothingFits(path: checkpoint.path, reasons: left) }
    (self.taken, self.left) = (taken, left)
    let names = Set(taken.map(\.name))
    averages = tensors.averages { !names.contains($0.name) }
  }

  func load(into state: any DeviceState) throws(TrainingProblem) {
    try checkpoint.load(taken, into: state)
    try onDevice { () throws(DeviceProblem) in try state.start(averages) }
  }

  /// One line for people.
  var text: String {
    let rest = left.isEmpty ? "" : "; left as they start: " + left.shown
    return "took \(taken.count.counted("tensor")) of \(checkpoint.path.visible)" + rest
  }
}

extension [Int] {
  fileprivate var times: String { map(String.init).joined(separator: " × ") }
}

extension [String] {
  /// The first ones, and how many more there are.
  var shown: String {
    prefix(8).joined(separator: ", ") + (count > 8 ? " and \(count - 8) more" : "")
  }
}
