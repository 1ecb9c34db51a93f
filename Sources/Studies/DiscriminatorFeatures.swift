import Device
import LayerGraph
import Model
import Program
import Spec
import Training

/// What the discriminator makes of images before its last layer: the distance between two images is
/// that between these.
final class DiscriminatorFeatures {
  private let networks: TrainedNetworks
  private let program: FeatureProgram
  private let loaded: any LoadedProgram

  init(of networks: TrainedNetworks, batch: Int) throws(TrainingProblem) {
    self.networks = networks
    let nodes = networks.graph.discriminator.nodes
    // The last layer with weights judges; what it reads are the features.
    let last = nodes.lastIndex { $0.kind.role == .weighted } ?? nodes.count - 1
    program = FeatureProgram(
      of: networks.spec, graph: networks.graph, batch: batch, nodes: [max(0, last - 1)])
    loaded = try networks.load(program.program)
  }

  /// The features [N, F] of images [N, H, W, C]; a conditional discriminator also takes N classes.
  func vectors(of images: [Float], labels: [Int]?) throws(TrainingProblem) -> [[Float]] {
    let image = networks.spec.image
    let size = image.height * image.width * image.channels
    let (count, batch) = (images.count / size, program.batch)
    var vectors: [[Float]] = []
    for start in stride(from: 0, to: count, by: batch) {
      let items = (0..<batch).map { min(start + $0, count - 1) }  // the last image fills up
      let numbers = items.flatMap { images[$0 * size..<($0 + 1) * size] }
      let found = try onDevice { () throws(DeviceProblem) in
        let state = networks.state
        try state.write(numbers, to: TensorName.lookedAt)
        if let condition = networks.spec.condition, let labels,
          state.contains(TensorName.lookedAtLabels)
        {
          try state.write(
            oneHot(items.map { labels[$0] }, classes: condition.classes),
            to: TensorName.lookedAtLabels)
        }
        try loaded.run(key: RandomKey(seed: 0, step: 0))
        return try loaded.output(TensorName.features(program.nodes[0].path))
      }
      let length = found.count / batch
      for place in 0..<min(batch, count - start) {
        vectors.append(Array(found[place * length..<(place + 1) * length]))
      }
    }
    return vectors
  }
}

/// √Σ (a − b)².
func distance(_ a: [Float], _ b: [Float]) -> Double {
  zip(a, b).reduce(0.0) { sum, pair in
    let difference = Double(pair.0) - Double(pair.1)
    return sum + difference * difference
  }.squareRoot()
}
