import Device
import LayerGraph
import Model
import Program
import Spec
import Training

/// What a discriminator makes of images.
///
/// A class because it owns a loaded program; used from one thread at a time.
final class DiscriminatorFeatures {
  let program: FeatureProgram
  private let spec: Spec
  private let state: any DeviceState
  private let loaded: any LoadedProgram

  init(
    of networks: TrainedNetworks, batch: Int, reading: FeatureProgram.Reading = .last
  ) throws(TrainingProblem) {
    program = FeatureProgram(
      of: networks.spec, graph: networks.graph, batch: batch, reading: reading)
    (spec, state) = (networks.spec, networks.state)
    loaded = try networks.load(program.program)
  }

  /// The features [N, F] of images [N, H, W, C]; a discriminator that reads labels takes N of them.
  func vectors(of images: [Float], labels: [Int]? = nil) throws(TrainingProblem) -> [[Float]] {
    let image = spec.image
    let size = image.height * image.width * image.channels
    let (count, batch) = (images.count / size, program.batch)
    var vectors: [[Float]] = []
    for start in stride(from: 0, to: count, by: batch) {
      let items = (0..<batch).map { min(start + $0, count - 1) }  // the last image fills up
      let numbers = items.flatMap { images[$0 * size..<($0 + 1) * size] }
      let found = try onDevice { () throws(DeviceProblem) in
        try state.write(numbers, to: TensorName.lookedAt)
        if let condition = spec.condition, let labels, state.contains(TensorName.lookedAtLabels) {
          try state.write(
            oneHot(items.map { labels[$0] }, classes: condition.classes),
            to: TensorName.lookedAtLabels)
        }
        try loaded.run(key: RandomKey(seed: 0, step: 0))
        return try loaded.output(TensorName.features)
      }
      for place in 0..<min(batch, count - start) {
        vectors.append(Array(found[place * program.size..<(place + 1) * program.size]))
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
