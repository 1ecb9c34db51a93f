import Collective
import Device

/// What process 0 tells the others before it does it.
package enum SessionCommand: Sendable {
  /// The state is that of process 0, which follows.
  case state(TrainingPosition)
  /// A step from this position.
  case step(TrainingPosition)
  case end

  fileprivate var words: [UInt64] {
    switch self {
    case .state(let position): [1] + position.words
    case .step(let position): [2] + position.words
    case .end: [3] + TrainingPosition().words
    }
  }

  fileprivate init?(words: [UInt64]) {
    let position = TrainingPosition(words: Array(words.dropFirst()))
    switch words[0] {
    case 1: self = .state(position)
    case 2: self = .step(position)
    case 3: self = .end
    default: return nil
    }
  }
}

extension TrainingSession {
  /// Tells the other processes that the next step comes, and gives them the state if it is new.
  func announceStep() throws(TrainingProblem) {
    guard collective.count > 1 else { return }
    if isStateNew {
      _ = try broadcast(.state(position))
      try shareState()
      isStateNew = false
    }
    _ = try broadcast(.step(position))
  }

  /// Tells the other processes that the training is over.
  package func announceEnd() throws(TrainingProblem) {
    if collective.count > 1 { _ = try broadcast(.end) }
  }

  /// What process 0 says next; a state has been taken over already.
  package func hearCommand() throws(TrainingProblem) -> SessionCommand {
    let words = try broadcast(.end)
    guard let command = SessionCommand(words: words) else {
      throw .collective(.failed(reason: "process 0 has said \(words[0]), which is unknown"))
    }
    if case .state(let position) = command {
      try shareState()
      resume(at: position)
    }
    return command
  }

  /// The words of process 0's command, on every process.
  private func broadcast(_ command: SessionCommand) throws(TrainingProblem) -> [UInt64] {
    try amongProcesses { () throws(CollectiveProblem) in
      try collective.broadcast(command.words)
    }
  }

  /// Gives every process the tensors of process 0.
  private func shareState() throws(TrainingProblem) {
    let leads = collective.rank == 0
    for name in tensors.map(\.name) {
      guard let shape = state.shape(of: name) else { continue }
      let own = try onDevice { () throws(DeviceProblem) in
        leads ? try state.read(name) : [Float](repeating: 0, count: shape.count)
      }
      let numbers = try amongProcesses { () throws(CollectiveProblem) in
        try collective.broadcast(own)
      }
      if !leads {
        try onDevice { () throws(DeviceProblem) in try state.write(numbers, to: name) }
      }
    }
  }
}

extension TrainingPosition {
  fileprivate var words: [UInt64] {
    [step, epoch, batchInEpoch, generatorUpdates, discriminatorUpdates, rewinds].map {
      UInt64($0)
    }
  }

  fileprivate init(words: [UInt64]) {
    let numbers = words.map { Int(clamping: $0) }
    self.init()
    (step, epoch, batchInEpoch) = (numbers[0], numbers[1], numbers[2])
    (generatorUpdates, discriminatorUpdates, rewinds) = (numbers[3], numbers[4], numbers[5])
  }
}

/// `body` with a problem between processes as ours.
func amongProcesses<Result>(
  _ body: () throws(CollectiveProblem) -> Result
) throws(TrainingProblem) -> Result {
  do { return try body() } catch { throw .collective(error) }
}
