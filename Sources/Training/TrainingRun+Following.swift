import Collective
import Datasets
import Diagnostics
import Files

extension TrainingRun {
  /// Computes this process's shards for process 0, which says what to do, until it says the end.
  ///
  /// Writes nothing.
  package func follow() throws(TrainingProblem) {
    let batches = try openData { _ in }
    let data: DataFingerprint
    do throws(DatasetProblem) { data = try batches.dataset.fingerprint() } catch {
      throw .data(error)
    }
    let session = try TrainingSession(
      spec: spec, graph: graph, device: options.device, collective: options.collective)
    try checkAgreement(on: data)
    session.batchesPerEpoch = batches.perEpoch
    // The steps follow each other unless the run goes back: then another loader begins there.
    var loader: (next: Int, prefetch: BatchPrefetch)?
    while true {
      switch try session.hearCommand() {
      case .end: return
      case .state: loader = nil
      case .step(let position):
        session.resume(at: position)
        let prefetch: BatchPrefetch
        if let loader, loader.next == position.step {
          prefetch = loader.prefetch
        } else {
          prefetch = BatchPrefetch(
            batches.taking(session.places),
            visits: batches.visits(from: position, of: session, epochs: spec.train.epochs))
        }
        try session.load(from: prefetch)
        loader = (position.step + 1, prefetch)
        _ = try session.run()
      }
    }
  }

  /// Refuses processes that would train on something else than process 0 does.
  func checkAgreement(on data: DataFingerprint) throws(TrainingProblem) {
    let facts = [
      ("version of the program", ToolVersion.text), ("spec", spec.expandedYAML),
      ("limit of images", "\(options.limit ?? 0)"), ("data set", "\(data)"),
    ]
    for (what, text) in facts {
      var hash = FNV1a()
      hash.add(text.utf8)
      try amongProcesses { () throws(CollectiveProblem) in
        try options.collective.checkAgreement(on: [hash.value], what: what)
      }
    }
  }
}
