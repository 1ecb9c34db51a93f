import Datasets
import Device
import Diagnostics
import LayerGraph
import Model
import Spec

/// A look at a training before its first step: a step of a few images on a state of its own, which is
/// thrown away.
struct HealthPreview {
  let run: TrainingRun

  /// Images in its step, at most.
  private static let batch = 16

  /// What the step has shown.
  struct Sight {
    let spec: Spec
    let graph: LayerGraph
    /// The discriminator's, for real and for generated images; empty for a reconstruction.
    let logits: [Float]
    /// Whether the networks begin with weights that have been trained before.
    let beginsTrained: Bool
    /// Weights whose gradient is 0 throughout.
    let unmoved: [NamedParameter]
    let real: Vitals
    /// The least and the greatest value of the real images.
    let realBounds: ClosedRange<Float>
  }

  /// A new check of what can be seen before the first step is one file with a constant, and its name
  /// here.
  static let checks: [PreviewCheck] = [
    .unreachableRange, .equalPictures, .certainDiscriminator, .vanishedGradient,
  ]

  func findings(
    real: RealImages, labels: [Int]?
  ) throws(TrainingProblem) -> [HealthFinding] {
    let sight = try look(real, labels)
    return Self.checks.compactMap { check in
      check.find(sight).map { HealthFinding(check.code, $0, step: 0) }
    }
  }

  private func look(_ real: RealImages, _ labels: [Int]?) throws(TrainingProblem) -> Sight {
    let (spec, graph) = (run.spec, run.graph)
    let batch = min(Self.batch, spec.train.batch, real.count)
    let session = try TrainingSession(
      spec: spec, graph: graph, device: run.options.device,
      batch: batch, options: TrainingStep.Options(examines: true))
    // Both networks are seen as they begin.
    session.learns = false
    try run.begin(session, at: nil)
    var logits: [Float] = []
    // What a tensor's gradient is, at its largest over the kinds of step.
    var squares: [String: Float] = [:]
    for _ in session.needsImages {
      try session.setImages(Array(real.values.prefix(batch * real.imageSize)))
      if let classes = spec.condition?.classes, let labels {
        try session.setLabels(Array(labels.prefix(batch)), classes: classes)
      }
      let step = session.nextStep
      let loaded = session.nextProgram
      _ = try session.run()
      try onDevice { () throws(DeviceProblem) in
        for place in step.places {
          guard case .gradient(let parameter) = place.kind else { continue }
          squares[parameter] = max(squares[parameter] ?? 0, try loaded.scalar(place.name) ?? 0)
        }
        for name in [TensorName.logitsOnReal, TensorName.logitsOnFake]
        where step.program.outputs.contains(where: { $0.name == name }) {
          logits += try loaded.output(name)
        }
      }
    }
    // What attention gathers is multiplied by a gain that begins at 0.
    let gated = Set(
      NetworkRole.allCases.flatMap { graph.network($0).nodes }
        .filter { $0.kind.role == .attention }.flatMap(\.parameters).map(\.name))
    return Sight(
      spec: spec, graph: graph, logits: logits, beginsTrained: run.options.initialWeights != nil,
      unmoved: graph.parameters.filter {
        $0.shape.rank > 1 && squares[$0.name] == 0 && !gated.contains($0.name)
      },
      real: Vitals(of: real.values, count: real.count, range: spec.image.pixelRange),
      realBounds: (real.values.min() ?? 0)...(real.values.max() ?? 0))
  }
}

/// Something that can be wrong before the first step.
struct PreviewCheck: Sendable {
  let code: HealthCode
  let find: @Sendable (HealthPreview.Sight) -> Draft?

  typealias Draft = HealthCheck.Draft
}

/// The first images of a training's data.
struct RealImages {
  /// [N, H, W, C] in the spec's range.
  let values: [Float]
  let count: Int
  var imageSize: Int { values.count / count }
}

extension Batches {
  /// The first `count` images of the first epoch, or all of them where there are fewer.
  func firstImages(_ count: Int) throws(DatasetProblem) -> RealImages {
    let order = order(epoch: 0)
    let batchCount = size * dataset.imageShape.count
    var values: [Float] = []
    for batch in 0..<min(perEpoch, (count + size - 1) / size) {
      var images = [Float](repeating: 0, count: batchCount)
      var span = images.mutableSpan
      try load(batch, in: order, into: &span)
      values += images
    }
    let total = min(count, values.count / dataset.imageShape.count)
    return RealImages(
      values: Array(values.prefix(total * dataset.imageShape.count)), count: total)
  }
}
