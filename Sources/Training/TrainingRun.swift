import Comparison
import Datasets
import Device
import Files
import Foundation
import Images
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
    /// A checkpoint, or the folder of a run, whose weights a new run begins with.
    package var initialWeights: String?
    /// Starts over, with the old run kept next to the new one.
    package var fresh = false
    /// How many checkpoints to keep.
    package var keptCheckpoints = 3

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
    case epochDone(epoch: Int, samples: String, checkpoint: String)
    case interrupted(checkpoint: String)
    case finished(epochs: Int)
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
  }

  package init(spec: Spec, graph: LayerGraph, options: Options) {
    self.spec = spec
    self.graph = graph
    self.options = options
  }

  /// Trains to the end, or until `shouldStop` says so after a step; then the state is saved.
  package func run(
    shouldStop: () -> Bool, report: (Event) -> Void
  ) throws(TrainingProblem) -> Ending {
    let batches = try openData(report: report)
    let data: DataFingerprint
    do throws(DatasetProblem) { data = try batches.dataset.fingerprint() } catch {
      throw .data(error)
    }
    let folder = RunFolder(path: options.folder)
    var lock = try lockIfThere(folder)
    if options.fresh, let old = try folder.setAside() {
      report(.setAside(folder: old))
      lock = nil
    }
    let checkpoint = try newestGoodCheckpoint(in: folder, report: report)
    if let checkpoint { try check(checkpoint, data: data, in: folder) }
    try folder.create()
    if lock == nil { lock = try lockIfThere(folder) }
    defer { withExtendedLifetime(lock) {} }
    do { try AtomicFile.write(spec.expandedYAML, to: folder.specPath) } catch { throw .file(error) }

    let session = try TrainingSession(spec: spec, graph: graph, device: options.device)
    let sampler = try Sampler(
      spec: spec, graph: graph, batch: SampleSheet.count(for: spec), state: session.state)
    if let weights = options.initialWeights, checkpoint != nil {
      throw .alreadyBegun(folder: folder.path, weights: weights)
    }
    if let checkpoint {
      try checkpoint.load(session.tensors, into: session.state)
      session.resume(at: checkpoint.position)
    } else {
      try session.initialize()
      if let path = options.initialWeights {
        let weights = try InitialWeights(from: path, for: session.tensors)
        try weights.load(into: session.state)
        report(.note(weights.text))
      }
    }
    report(
      .started(
        source: batches.dataset.name, images: batches.perEpoch * batches.size,
        batches: batches.perEpoch, leftOut: batches.leftOut, position: session.position,
        folder: folder.path))
    return try train(
      session, sampler, on: batches, data, in: folder, newest: checkpoint?.path,
      shouldStop: shouldStop, report: report)
  }

  private func train(
    _ session: TrainingSession, _ sampler: Sampler, on batches: Batches,
    _ data: DataFingerprint, in folder: RunFolder, newest: String?, shouldStop: () -> Bool,
    report: (Event) -> Void
  ) throws(TrainingProblem) -> Ending {
    let log = try MetricsLog(path: folder.metricsPath, step: session.position.step)
    do throws(TrainingProblem) {
      return try loop(
        session, sampler, on: batches, data, in: folder, log, newest: newest,
        shouldStop: shouldStop, report: report)
    } catch {
      // What was measured until then is worth keeping; the first problem is the one to report.
      try? log.flush()
      throw error
    }
  }

  private func loop(
    _ session: TrainingSession, _ sampler: Sampler, on batches: Batches,
    _ data: DataFingerprint, in folder: RunFolder, _ log: MetricsLog, newest: String?,
    shouldStop: () -> Bool, report: (Event) -> Void
  ) throws(TrainingProblem) -> Ending {
    let clock = ContinuousClock()
    let start = clock.now
    let firstStep = session.position.step
    let events = options.writesEvents ? try EventLog(in: folder, step: firstStep) : nil
    var newest = newest
    var lastSave = start
    func save() throws(TrainingProblem) -> String {
      try log.flush()
      try events?.flush()
      let path = folder.checkpointPath(step: session.position.step)
      do throws(TrainingProblem) {
        try Checkpoint.write(session, data: data, to: path)
      } catch {
        guard case .notFinite(let what, let step, _) = error else { throw error }
        throw .notFinite(what: what, step: step, last: newest)
      }
      newest = path
      lastSave = clock.now
      for kept in try folder.removeCheckpoints(except: options.keptCheckpoints) {
        report(.warning("\(kept): this old checkpoint cannot be removed"))
      }
      return path
    }

    let prefetch = BatchPrefetch(
      batches, visits: visits(from: session.position, of: batches, session.needsImages))
    while session.position.epoch < spec.train.epochs {
      while session.position.batchInEpoch < batches.perEpoch {
        try load(from: prefetch, into: session)
        let metrics = try session.run()
        let position = session.position
        let seconds = (clock.now - start) / .seconds(1)
        try log.append(
          metrics, step: position.step, epoch: position.epoch + 1,
          images: position.step * batches.size, seconds: log.secondsBefore + seconds)
        try events?.add(metrics, step: position.step)
        if let warning = log.takeWarning() { report(.warning(warning)) }
        try checkFinite(metrics, step: position.step, last: newest)
        report(
          .step(
            Progress(
              position: position, epochs: spec.train.epochs, batchesPerEpoch: batches.perEpoch,
              batch: batches.size, metrics: metrics, seconds: seconds,
              batches: position.step - firstStep)))
        if shouldStop() {
          report(.interrupted(checkpoint: try save()))
          return .interrupted
        }
        if let interval = spec.train.saveEvery.seconds, clock.now - lastSave > .seconds(interval),
          position.batchInEpoch < batches.perEpoch
        {
          _ = try save()
        }
      }
      session.completeEpoch()
      let epoch = session.position.epoch
      let samplePath = folder.samplePath(epoch: epoch)
      try SampleSheet(spec: spec).write(sampler, to: samplePath)
      try events?.add(sheet: samplePath, of: spec, step: session.position.step)
      report(.epochDone(epoch: epoch, samples: samplePath, checkpoint: try save()))
      if let text = batches.dataset.unreadable.summary { report(.warning(text)) }
    }
    report(.finished(epochs: spec.train.epochs))
    return .finished
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

  /// What each step of a training from `start` on visits.
  ///
  /// - Parameter needsImages: whether the steps look at images, in turn.
  private func visits(
    from start: TrainingPosition, of batches: Batches, _ needsImages: [Bool]
  ) -> @Sendable (Int) -> BatchPrefetch.Visit? {
    // An epoch may have been longer before the run was stopped.
    let first = min(start.batchInEpoch, batches.perEpoch)
    let (perEpoch, epochs) = (batches.perEpoch, spec.train.epochs)
    return { step in
      let epoch = start.epoch + (first + step) / perEpoch
      guard epoch < epochs else { return nil }
      return BatchPrefetch.Visit(
        epoch: epoch, batch: (first + step) % perEpoch,
        withImages: needsImages[(start.step + step) % needsImages.count])
    }
  }

  /// Hands the images and labels of the next step to the session.
  private func load(
    from prefetch: BatchPrefetch, into session: TrainingSession
  ) throws(TrainingProblem) {
    // The labels, or what kept the images from the device.
    let loaded: Result<[Int]?, TrainingProblem>
    do throws(DatasetProblem) {
      loaded = try prefetch.next { images, labels in
        if images.isEmpty { return .success(labels) }
        do throws(TrainingProblem) {
          try session.setImages(images)
          return .success(labels)
        } catch {
          return .failure(error)
        }
      }
    } catch {
      throw .data(error)
    }
    let labels = try loaded.get()
    if let classes = spec.condition?.classes, let labels {
      try session.setLabels(labels, classes: classes)
    }
  }

  private func checkFinite(
    _ metrics: TrainingSession.Metrics, step: Int, last: String?
  ) throws(TrainingProblem) {
    let losses = [
      ("the discriminator's loss", metrics.discriminatorLoss),
      ("the generator's loss", metrics.generatorLoss),
    ]
    for (name, loss) in losses {
      if let loss, !loss.isFinite { throw .notFinite(what: name, step: step, last: last) }
    }
  }
}
