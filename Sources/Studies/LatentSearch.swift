import Device
import Model
import Program
import Spec
import Training

/// Looks for the latent vectors of images, by gradient descent through the generator.
///
/// A class because it owns a loaded program; used from one thread at a time.
final class LatentSearch {
  private let networks: TrainedNetworks
  private let loaded: any LoadedProgram
  /// Vectors that are moved together.
  let count: Int

  private static let rate = 0.05

  init(of networks: TrainedNetworks, count: Int) throws(TrainingProblem) {
    (self.networks, self.count) = (networks, count)
    loaded = try networks.load(
      InversionProgram(of: networks.spec, graph: networks.graph, starts: count).program)
  }

  /// The vectors [S, Z] after all steps, and the root of the mean square difference of pixels on
  /// 0 … 255 of the image of each from its target, of [S, H, W, C].
  ///
  /// Of uniform noise the vectors stay within the cube that it fills.
  func descend(
    from start: [Float], to targets: [Float], steps: Int, labels: [Int]?,
    report: () -> Void = {}
  ) throws(TrainingProblem) -> (z: [Float], errors: [Double]) {
    let (spec, state) = (networks.spec, networks.state)
    try onDevice { () throws(DeviceProblem) in
      try state.write(targets, to: TensorName.searchedImages)
      if let condition = spec.condition, let labels, state.contains(TensorName.searchedLabels) {
        try state.write(
          oneHot(labels, classes: condition.classes), to: TensorName.searchedLabels)
      }
    }
    var z = start
    var descent = LatentDescent(count: z.count, rate: Self.rate)
    for step in 0...steps {
      let gradient = try onDevice { () throws(DeviceProblem) in
        try state.write(z, to: TensorName.searchedNoise)
        try loaded.run(key: RandomKey(seed: 0, step: 0))
        return try loaded.output(TensorName.searchGradient)
      }
      if step == steps { break }
      descent.move(&z, against: gradient)
      spec.latent.keepInside(&z)
      report()
    }
    let range = spec.image.pixelRange
    let unit = 255 / Double(range.upperBound - range.lowerBound)
    let errors = try onDevice { () throws(DeviceProblem) in
      try loaded.output(TensorName.searchErrors)
    }
    return (z, errors.map { Double($0).squareRoot() * unit })
  }
}
