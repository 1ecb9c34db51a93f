import Collective
import Comparison
import Datasets
import Device
import Files
import Foundation
import LayerGraph
import Model
import Spec

/// Trains a spec on its data, from the start or from where the run's last checkpoint stopped.
///
/// What a run writes depends on the spec, the seed and the data alone: not on the number of threads,
/// nor on how often it was stopped and continued.
package struct TrainingRun {
  package let spec: Spec
  package let graph: LayerGraph
  package let options: Options

  package struct Options: Sendable {
    package var folder: String
    package var device: any Device
    /// The processes that train together; this one leads where its rank is 0.
    package var collective: any Collective = Alone()
    /// The most images in an epoch; nil for all.
    package var limit: Int?
    /// What `--data` says.
    package var dataFolder: String?
    /// The folder of the spec's file, where `data.path` may begin.
    package var specFolder: String?
    /// The images to train on in place of those that the spec names.
    package var dataset: (any Dataset)?
    /// Whether event files for TensorBoard are written, too.
    package var writesEvents = false
    /// Whether these have histograms of the parameters after each epoch.
    package var writesHistograms = false
    /// A checkpoint, or the folder of a run, whose weights a new run begins with.
    package var initialWeights: String?
    /// Starts over, with the old run kept next to the new one.
    package var fresh = false
    /// The checkpoint of another run that a new one goes on from.
    package var branch: RunBranch?
    /// Which checkpoints to keep.
    package var kept = KeptCheckpoints()

    package init(folder: String, device: any Device) {
      self.folder = folder
      self.device = device
    }
  }

  /// What happens, in the order in which it does.
  package enum Event {
    /// The wanted data is not there, for the reason given; `source` is used in its place.
    case fallback(source: String, reason: DatasetProblem)
    case setAside(folder: String)
    /// A newest checkpoint that cannot be used, or another thing that training goes on without.
    case warning(String)
    /// What is worth to know, and no reason to worry.
    case note(String)
    /// `leftOut` images of an epoch do not fill a batch.
    case started(
      source: String, images: Int, batches: Int, leftOut: Int, position: TrainingPosition,
      folder: String)
    case step(Progress)
    /// A classifier has no samples.
    case epochDone(epoch: Int, samples: String?, checkpoint: String)
    /// What the samples of an epoch are like beside real images.
    case judged(epoch: Int, numbers: [String: Double])
    /// What a health check says, once.
    case finding(HealthFinding)
    /// Training goes on from `checkpoint`, or from the start, at learning rates times `rate`.
    case rewound(checkpoint: String?, step: Int, rate: Double)
    /// Trouble has ended the training; its state is saved unless it has numbers that are not finite.
    case stopped(saved: String?)
    case interrupted(checkpoint: String)
    case finished(epochs: Int, makesImages: Bool)
  }

  /// The state of a run after a step.
  package struct Progress {
    package let position: TrainingPosition
    package let epochs: Int
    package let batchesPerEpoch: Int
    package let batch: Int
    package let metrics: TrainingSession.Metrics
    /// Seconds of training since this process began to train, and batches in them.
    package let seconds: Double
    package let batches: Int
  }

  package enum Ending: Sendable {
    case finished
    case interrupted
    /// By trouble.
    case stopped
  }

  package init(spec: Spec, graph: LayerGraph, options: Options) {
    self.spec = spec
    self.graph = graph
    self.options = options
  }

  /// What compares the images of a generator with real ones, in numbers by their names.
  package typealias Judge = (Sampler) throws(TrainingProblem) -> [String: Double]

  /// Trains to the end, or until `shouldStop` says so after a step; then the state is saved.
  ///
  /// `judge` is asked after each epoch; what it says goes into `evaluation.jsonl`.
  package func run(
    judge: Judge? = nil, shouldStop: () -> Bool, report: (Event) -> Void
  ) throws(TrainingProblem) -> Ending {
    try TrainingSession.check(options.collective, for: spec)
    let batches = try openData(report: report)
    let data: DataFingerprint
    do throws(DatasetProblem) { data = try batches.dataset.fingerprint() } catch {
      throw .data(error)
    }
    let folder = RunFolder(path: options.folder)
    let branchPoint = try branchPoint(for: folder)
    var lock = try lockIfThere(folder)
    if options.fresh, let old = try folder.setAside() {
      report(.setAside(folder: old))
      lock = nil
    }
    let checkpoint = try newestGoodCheckpoint(in: folder, report: report)
    if let checkpoint {
      try check(checkpoint, data: data, in: folder)
      if let before = checkpoint.position.batchesPerEpoch, before != batches.perEpoch {
        report(
          .warning(
            "the epochs of this run had \(before.counted("batch", "batches")) until now, and have "
              + "\(batches.perEpoch): another --limit"))
      }
    }
    try folder.create()
    if lock == nil { lock = try lockIfThere(folder) }
    defer { withExtendedLifetime(lock) {} }
    do { try AtomicFile.write(spec.expandedYAML, to: folder.specPath) } catch { throw .file(error) }

    if options.initialWeights != nil, checkpoint != nil {
      throw .alreadyBegun(folder: folder.path, weights: options.initialWeights ?? "")
    }
    func tell(_ event: Event) {
      if case .finding(let finding) = event {
        do throws(TrainingProblem) {
          try HealthLog.append(finding, to: folder.healthPath)
        } catch {
          report(.warning("\(error)"))
        }
      }
      report(event)
    }
    let isNew = checkpoint == nil && branchPoint == nil
    let real: RealImages
    var labels: [Int]?
    do throws(DatasetProblem) {
      real = try batches.firstImages(HealthProbe.batch)
      if isNew, spec.condition != nil {
        labels = try batches.labels(0, in: batches.order(epoch: 0))
      }
    } catch {
      throw .data(error)
    }
    if isNew {
      for finding in try HealthPreview(run: self).findings(real: real, labels: labels) {
        tell(.finding(finding))
      }
    }
    let session = try TrainingSession(
      spec: spec, graph: graph, device: options.device, collective: options.collective)
    try checkAgreement(on: data)
    session.batchesPerEpoch = batches.perEpoch
    let hasGenerator = spec.objective.loss.hasGenerator
    let materials = TrainingLoop.Materials(
      session: session,
      sampler: hasGenerator
        ? try Sampler(
          spec: spec, graph: graph, batch: SampleSheet.count(for: spec), state: session.state)
        : nil,
      probe: hasGenerator
        ? try HealthProbe(spec: spec, graph: graph, state: session.state) : nil,
      batches: batches, data: data, folder: folder,
      real: Vitals(of: real.values, count: real.count, range: spec.image.pixelRange))
    var newest = checkpoint?.path
    if let branch = options.branch, let branchPoint {
      newest = try begin(branch, at: branchPoint, materials, report: tell)
    } else {
      try begin(session, at: checkpoint, report: tell)
      if checkpoint == nil, let weights = options.initialWeights {
        try RunOrigin.weights(of: weights).write(to: folder.originPath)
      }
    }
    tell(
      .started(
        source: batches.dataset.name, images: batches.perEpoch * batches.size,
        batches: batches.perEpoch, leftOut: batches.leftOut, position: session.position,
        folder: folder.path))
    let ending = try train(
      materials, newest: newest, judge: judge, shouldStop: shouldStop, report: tell)
    try session.announceEnd()
    return ending
  }

  /// Puts a session to a checkpoint of the run, or to the start.
  func begin(
    _ session: TrainingSession, at checkpoint: Checkpoint?, report: (Event) -> Void = { _ in }
  ) throws(TrainingProblem) {
    if let checkpoint {
      try checkpoint.load(session.tensors, into: session.state)
      session.resume(at: checkpoint.position)
      return
    }
    try session.initialize()
    session.resume(at: TrainingPosition())
    if let path = options.initialWeights {
      let weights = try InitialWeights(from: path, for: session.tensors)
      try weights.load(into: session.state)
      report(.note(weights.text))
    }
  }

  /// The checkpoint that the run branches off from, if it does; its folder must be new.
  private func branchPoint(for folder: RunFolder) throws(TrainingProblem) -> Checkpoint? {
    guard let branch = options.branch else { return nil }
    guard try looking({ () throws(FileProblem) in try Folder.kind(of: folder.path) }) == nil else {
      throw .branchInTheWay(folder: folder.path)
    }
    return try branch.checkpoint(with: StateTensor.all(of: spec, graph: graph))
  }

  /// Puts a session to where the branch begins, and the run's folder too; returns its checkpoint there.
  private func begin(
    _ branch: RunBranch, at point: Checkpoint, _ materials: TrainingLoop.Materials,
    report: (Event) -> Void
  ) throws(TrainingProblem) -> String {
    let (session, folder) = (materials.session, materials.folder)
    if let note = try branch.begin(session, at: point) { report(.note(note)) }
    if let before = point.data, before != materials.data {
      report(.note("the branch goes on with other data: \(before) before, now \(materials.data)"))
    }
    try branch.copyHistory(until: point.position, to: folder)
    let changes = try point.differences(from: (spec, graph)) ?? []
    try RunOrigin.branch(of: point.path, step: point.position.step, changes: changes)
      .write(to: folder.originPath)
    let path = folder.checkpointPath(step: point.position.step)
    try Checkpoint.write(session, data: materials.data, to: path)
    return path
  }

  /// Trains, and goes back as often as the spec allows.
  private func train(
    _ materials: TrainingLoop.Materials, newest: String?, judge: Judge?,
    shouldStop: () -> Bool, report: (Event) -> Void
  ) throws(TrainingProblem) -> Ending {
    var newest = newest
    while true {
      let loop = try TrainingLoop(self, materials, newest: newest)
      let finding: HealthFinding
      var isStateGood = true
      switch try loop.train(judge: judge, shouldStop: shouldStop, report: report) {
      case .finished: return .finished
      case .interrupted: return .interrupted
      case .trouble(let found): finding = found
      case .notFinite(let what, let step):
        finding = NonFiniteSearch(run: self, materials: materials, newest: loop.newest)
          .finding(what: what, step: step, shouldStop: shouldStop, report: report)
        isStateGood = false
      }
      report(.finding(finding))
      let session = materials.session
      if spec.train.onTrouble == .rewind, session.position.rewinds < TrainingPosition.mostRewinds {
        newest = try rewind(materials, from: finding, report: report)
        continue
      }
      report(.stopped(saved: isStateGood ? try loop.save(report: report) : nil))
      return .stopped
    }
  }

  // MARK: Pieces

  /// The lock of a run folder, or nil where there is no folder yet.
  private func lockIfThere(_ folder: RunFolder) throws(TrainingProblem) -> FolderLock? {
    let kind = try looking { () throws(FileProblem) in try Folder.kind(of: folder.path) }
    guard kind != nil else { return nil }
    guard kind == .folder else {
      throw .folder(path: folder.path, reason: "a file of this name is in the way")
    }
    return try looking { () throws(FileProblem) in try FolderLock(folder.path) }
  }

  /// The newest checkpoint that can be read; those before it that cannot are named.
  private func newestGoodCheckpoint(
    in folder: RunFolder, report: (Event) -> Void
  ) throws(TrainingProblem) -> Checkpoint? {
    let found = try folder.findCheckpoints()
    for name in found.oddNames {
      report(.warning("\(name): not the name of a checkpoint; it is left alone"))
    }
    var reason: TrainingProblem?
    for path in found.paths {
      do throws(TrainingProblem) {
        return try Checkpoint(contentsOf: path)
      } catch {
        guard error.isDamage else { throw error }
        report(.warning("\(error); trying the checkpoint before it"))
        if reason == nil { reason = error }
      }
    }
    if let reason { throw .noGoodCheckpoint(folder: folder.path, reason: "\(reason)") }
    return nil
  }

  /// Refuses a checkpoint of another training, or of one on other data.
  private func check(
    _ checkpoint: Checkpoint, data: DataFingerprint, in folder: RunFolder
  ) throws(TrainingProblem) {
    if let differences = try checkpoint.differences(from: (spec, graph)) {
      throw .otherRun(folder: folder.path, differences: differences)
    }
    if let before = checkpoint.data, before != data {
      throw .otherData(folder: folder.path, before: before, now: data)
    }
  }
}
