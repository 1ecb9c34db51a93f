import Datasets
import Device
import Diagnostics
import Files
import LayerGraph
import Layers
import Model
import Spec

/// Finds the layer in which a number that is not finite appeared.
///
/// The same steps give the same numbers, so it goes back to the last good checkpoint, repeats them,
/// and looks at every layer in the last ones. Where several processes train, the first repeats the
/// steps by itself, in a session of its own. Else the state of the session is of no use afterwards.
struct NonFiniteSearch {
  let run: TrainingRun
  let materials: TrainingLoop.Materials
  /// The last good checkpoint; nil for the start.
  let newest: String?

  /// Steps before the one in which it was noticed that are looked at, too: an update that is not
  /// finite shows in the loss one step later, or two where the networks take turns.
  private static let stepsLookedAt = 3

  private enum Culprit {
    case place(StepPlace)
    /// A tensor of the state, after a step whose gradients are finite.
    case tensor(String)
  }

  /// - Parameters:
  ///   - what: is not finite, as far as is known.
  ///   - step: after which that was seen.
  func finding(
    what: String, step: Int, shouldStop: () -> Bool, report: (TrainingRun.Event) -> Void
  ) -> HealthFinding {
    do throws(TrainingProblem) {
      if let (culprit, step) = try search(before: step, shouldStop: shouldStop, report: report) {
        return finding(words(for: culprit), at: span(of: culprit), step: step)
      }
      return finding(what, at: nil, step: step)
    } catch {
      return finding(what, at: nil, step: step, note: "the layer cannot be found: \(error)")
    }
  }

  private func search(
    before last: Int, shouldStop: () -> Bool, report: (TrainingRun.Event) -> Void
  ) throws(TrainingProblem) -> (Culprit, step: Int)? {
    let session = try sessionOfOneProcess()
    let checkpoint: Checkpoint?
    if let newest { checkpoint = try Checkpoint(contentsOf: newest) } else { checkpoint = nil }
    try run.begin(session, at: checkpoint)
    let repeated = last - session.position.step
    if repeated > Self.stepsLookedAt {
      let alone =
        materials.session.collective.count > 1 ? ", which this process does for all" : ""
      report(.note("looking for the layer: repeating \(repeated.counted("step"))\(alone)"))
    }
    let prefetch = BatchPrefetch(
      materials.batches,
      visits: materials.batches.visits(
        from: session.position, of: session, epochs: run.spec.train.epochs))
    var examines = false
    while session.position.step < last, !shouldStop() {
      if session.position.batchInEpoch >= materials.batches.perEpoch { session.completeEpoch() }
      if !examines, last - session.position.step <= Self.stepsLookedAt {
        try session.load(TrainingStep.Options(examines: true))
        examines = true
      }
      try session.load(from: prefetch)
      let places = session.nextStep.places
      _ = try session.run()
      guard examines else { continue }
      for place in places where try session.scalar(place.name)?.isFinite == false {
        return (.place(place), session.position.step)
      }
      if let tensor = try session.tensorThatIsNotFinite() {
        return (.tensor(tensor), session.position.step)
      }
    }
    return nil
  }

  private func sessionOfOneProcess() throws(TrainingProblem) -> TrainingSession {
    if materials.session.collective.count == 1 { return materials.session }
    let session = try TrainingSession(spec: run.spec, graph: run.graph, device: run.options.device)
    session.batchesPerEpoch = materials.batches.perEpoch
    return session
  }

  // MARK: Words

  private func finding(
    _ what: String, at span: SourceSpan?, step: Int, note: String? = nil
  ) -> HealthFinding {
    let optimizer = run.spec.train.quickest
    let rate = optimizer.learningRate * materials.session.position.rateFactor
    return HealthFinding(
      code: .notFinite,
      diagnostic: Diagnostic(
        HealthCode.notFinite, "step \(step.grouped): \(what) is not a finite number",
        at: span ?? optimizer.rateSpan,
        notes: [
          newest.map { "the last good state is \($0)" } ?? "there is no checkpoint of this run"
        ] + (note.map { [$0] } ?? []),
        help: [
          rate > 0.0002
            ? "lower the learning rate: it is \(rate.yamlText), the paper's is 0.0002"
            : "lower the learning rate, or put a norm after this layer"
        ]),
      step: step, before: step - 1)
  }

  private func words(for culprit: Culprit) -> String {
    switch culprit {
    case .tensor(let name): return "the tensor `\(name)`, after its update,"
    case .place(let place):
      switch place.kind {
      case .gradient(let parameter): return "the gradient of `\(parameter)`"
      case .output(let path, let pass):
        let images =
          switch (path.hasPrefix(NetworkRole.generator.rawValue), pass) {
          case (true, _): ""
          case (false, .real): " for real images"
          case (false, .generated): " for generated images"
          case (false, .between): " for the images of the gradient penalty"
          }
        return "what comes out of `\(path)`\(images)"
      }
    }
  }

  private func span(of culprit: Culprit) -> SourceSpan? {
    let nodes = run.graph.generator.nodes + run.graph.discriminator.nodes
    switch culprit {
    case .tensor(let name):
      return nodes.first { node in node.parameters.contains { name.hasSuffix($0.name) } }?.span
    case .place(let place):
      switch place.kind {
      case .gradient(let parameter):
        return nodes.first { $0.parameters.map(\.name).contains(parameter) }?.span
      case .output(let path, _): return nodes.first { $0.path == path }?.span
      }
    }
  }
}
