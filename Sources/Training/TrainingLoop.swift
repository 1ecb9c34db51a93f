import Datasets
import Files
import LayerGraph
import Spec

/// The steps of a run, from where its session stands, and what they leave in the run's folder.
///
/// A class because its parts change with every step; used from one thread.
final class TrainingLoop {
  private let run: TrainingRun
  private let materials: Materials
  private let log: MetricsLog
  private let events: EventLog?
  private var monitor: HealthMonitor
  /// Of the metric that the best checkpoint goes by.
  private var epochMean: BestCheckpoint.EpochMean?
  /// The Fréchet distance of the latest epoch, where it was measured.
  private var judged: Float?
  /// The newest checkpoint that is good.
  private(set) var newest: String?
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var lastSave: ContinuousClock.Instant
  private let firstStep: Int
  private let secondsBefore: Double

  /// What is the same for the whole run, however often it goes back.
  struct Materials {
    let session: TrainingSession
    /// What makes and looks at images; nil without a generator.
    let sampler: Sampler?
    let probe: HealthProbe?
    let batches: Batches
    let data: DataFingerprint
    let folder: RunFolder
    /// The vitals of real images.
    let real: Vitals
  }

  enum Ending {
    case finished
    case interrupted
    /// A finding that the spec does not want to go on with; the state is not saved.
    case trouble(HealthFinding)
    /// A number that is not finite came out of `step`; the state is of no use any more.
    case notFinite(what: String, step: Int)
  }

  init(_ run: TrainingRun, _ materials: Materials, newest: String?) throws(TrainingProblem) {
    self.run = run
    self.materials = materials
    self.newest = newest
    firstStep = materials.session.position.step
    log = try MetricsLog(path: materials.folder.metricsPath, step: firstStep)
    let lines = log.takeLines()
    secondsBefore = lines.last?.seconds ?? 0
    monitor = HealthMonitor(
      spec: run.spec, real: materials.real, lines: lines,
      found: try Self.said(in: materials.folder, until: firstStep, spec: run.spec))
    epochMean = run.options.kept.best.map { BestCheckpoint.EpochMean($0) }
    for line in lines { epochMean?.add(line) }
    events =
      run.options.writesEvents ? try EventLog(in: materials.folder, step: firstStep) : nil
    start = clock.now
    lastSave = start
  }

  /// What an earlier process of the run has said: to start it again is to go on in spite of it.
  ///
  /// A training that goes back by itself acts on each finding, however often it was interrupted.
  private static func said(
    in folder: RunFolder, until step: Int, spec: Spec
  ) throws(TrainingProblem) -> Set<HealthCode> {
    guard spec.train.onTrouble != .rewind else { return [] }
    let entries = try HealthLog.read(folder.healthPath).filter { $0.step <= step }
    return Set(entries.compactMap { HealthCode(rawValue: $0.code) })
  }

  /// Trains to the end of the last epoch, until `shouldStop` says so after a step, or into trouble.
  func train(
    judge: TrainingRun.Judge? = nil, shouldStop: () -> Bool, report: (TrainingRun.Event) -> Void
  ) throws(TrainingProblem) -> Ending {
    do throws(TrainingProblem) {
      let ending = try takeSteps(judge: judge, shouldStop: shouldStop, report: report)
      try log.flush()
      try events?.flush()
      return ending
    } catch {
      // What was measured until then is worth keeping; the first problem is the one to report.
      try? log.flush()
      if case .notFinite(let what, let step, _) = error {
        return .notFinite(what: what, step: step)
      }
      throw error
    }
  }

  private func takeSteps(
    judge: TrainingRun.Judge?, shouldStop: () -> Bool, report: (TrainingRun.Event) -> Void
  ) throws(TrainingProblem) -> Ending {
    let (spec, session, batches) = (run.spec, materials.session, materials.batches)
    let prefetch = BatchPrefetch(
      batches.taking(session.places),
      visits: batches.visits(from: session.position, of: session, epochs: spec.train.epochs))
    while session.position.epoch < spec.train.epochs {
      while session.position.batchInEpoch < batches.perEpoch {
        try session.load(from: prefetch)
        let metrics = try session.run()
        let findings = try record(metrics, report: report)
        if spec.train.onTrouble != .warn, let finding = findings.first { return .trouble(finding) }
        for finding in findings { report(.finding(finding)) }
        if shouldStop() {
          report(.interrupted(checkpoint: try save(report: report)))
          return .interrupted
        }
        if let interval = spec.train.saveEvery.seconds, clock.now - lastSave > .seconds(interval),
          session.position.batchInEpoch < batches.perEpoch
        {
          _ = try save(report: report)
        }
      }
      session.completeEpoch()
      let epoch = session.position.epoch
      let samplePath = materials.sampler.map { _ in materials.folder.samplePath(epoch: epoch) }
      if let sampler = materials.sampler, let samplePath {
        try SampleSheet(spec: spec).write(sampler, to: samplePath)
      }
      if let judge, let sampler = materials.sampler {
        let numbers = try judge(sampler)
        judged = numbers[BestCheckpoint.Metric.frechet.rawValue].map { Float($0) }
        try EvaluationLog.append(
          EvaluationLog.Entry(epoch: epoch, step: session.position.step, numbers: numbers),
          to: materials.folder.evaluationPath)
        report(.judged(epoch: epoch, numbers: numbers))
      }
      if run.options.writesHistograms { try events?.addHistograms(of: session) }
      if let samplePath {
        try events?.add(sheet: samplePath, of: spec, step: session.position.step)
      }
      report(
        .epochDone(epoch: epoch, samples: samplePath, checkpoint: try save(report: report)))
      if let text = batches.dataset.unreadable.summary { report(.warning(text)) }
    }
    report(.finished(epochs: spec.train.epochs, makesImages: materials.sampler != nil))
    return .finished
  }

  /// Writes down what the last step has reported, and what the checks say of it.
  private func record(
    _ metrics: TrainingSession.Metrics, report: (TrainingRun.Event) -> Void
  ) throws(TrainingProblem) -> [HealthFinding] {
    let (position, batches) = (materials.session.position, materials.batches)
    let seconds = (clock.now - start) / .seconds(1)
    let isFinite = metrics.firstNotFinite == nil
    let look =
      HealthMonitor.looks(at: position.step) && isFinite ? try materials.probe?.look() : nil
    let line = MetricsLine(
      step: position.step, epoch: position.epoch + 1, images: position.step * batches.size,
      metrics: metrics, vitals: look?.vitals, seconds: secondsBefore + seconds)
    try log.append(line)
    epochMean?.add(line)
    try events?.add(line)
    if let warning = log.takeWarning() { report(.warning(warning)) }
    if let name = metrics.firstNotFinite {
      throw .notFinite(what: name, step: position.step, last: newest)
    }
    report(
      .step(
        TrainingRun.Progress(
          position: position, epochs: run.spec.train.epochs, batchesPerEpoch: batches.perEpoch,
          batch: batches.size, metrics: metrics, seconds: seconds,
          batches: position.step - firstStep)))
    return monitor.findings(after: line, dead: look?.dead ?? [])
  }

  /// Writes a checkpoint and removes those that are too many; returns its path.
  func save(report: (TrainingRun.Event) -> Void) throws(TrainingProblem) -> String {
    try log.flush()
    try events?.flush()
    let (session, folder) = (materials.session, materials.folder)
    let path = folder.checkpointPath(step: session.position.step)
    try Checkpoint.write(session, data: materials.data, to: path)
    newest = path
    lastSave = clock.now
    if session.position.batchInEpoch == 0 { try noteBest() }
    for kept in try folder.removeCheckpoints(keeping: run.options.kept) {
      report(.warning("\(kept): this old checkpoint cannot be removed"))
    }
    return path
  }

  /// Writes down that the epoch that has ended is the best so far, if it is.
  private func noteBest() throws(TrainingProblem) {
    guard let epochMean else { return }
    guard let value = epochMean.metric == .frechet ? judged : epochMean.value else { return }
    let path = materials.folder.bestPath
    if let best = try BestCheckpoint.read(path), best.metric == epochMean.metric,
      best.value <= value
    {
      return
    }
    let position = materials.session.position
    try BestCheckpoint(
      metric: epochMean.metric, value: value, epoch: position.epoch, step: position.step
    ).write(to: path)
  }
}

extension TrainingSession.Metrics {
  /// The loss that is infinite or not a number, in words.
  var firstNotFinite: String? {
    if discriminatorLoss?.isFinite == false { return "the discriminator's loss" }
    if generatorLoss?.isFinite == false { return "the generator's loss" }
    return nil
  }
}

extension Batches {
  /// What each step of a training from `start` on visits.
  func visits(
    from start: TrainingPosition, of session: TrainingSession, epochs: Int
  ) -> @Sendable (Int) -> BatchPrefetch.Visit? {
    // An epoch may have been longer before the run was stopped.
    let first = min(start.batchInEpoch, perEpoch)
    let (perEpoch, needsImages) = (perEpoch, session.needsImages)
    return { step in
      let epoch = start.epoch + (first + step) / perEpoch
      guard epoch < epochs else { return nil }
      return BatchPrefetch.Visit(
        epoch: epoch, batch: (first + step) % perEpoch,
        withImages: needsImages[(start.step + step) % needsImages.count])
    }
  }
}

extension TrainingSession {
  /// Takes the images and labels of the next step.
  func load(from prefetch: BatchPrefetch) throws(TrainingProblem) {
    // The labels, or what kept the images from the device.
    let loaded: Result<[Int]?, TrainingProblem>
    do throws(DatasetProblem) {
      loaded = try prefetch.next { images, labels in
        if images.isEmpty { return .success(labels) }
        do throws(TrainingProblem) {
          try setImages(images)
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
      try setLabels(labels, classes: classes)
    }
  }
}
