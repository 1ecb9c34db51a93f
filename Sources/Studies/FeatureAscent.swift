import Datasets
import Device
import Images
import Model
import Program
import Spec
import Training

/// Images that one feature of the discriminator responds to as strongly as possible, by gradient ascent
/// from several random starts.
///
/// Through the generator what moves is the latent vector, and the images are ones that it can make; else
/// the pixels, which are drawn back to the middle of their range a little in each step. Beside what is
/// reached stands the strongest response to a real image. Source: Radford et al. 2015, section 6.2,
/// shows responses to real images; ascent as in Simonyan et al. 2013 and, through a generator, Nguyen
/// et al. 2016.
package struct FeatureAscent: Sendable {
  /// A convolution of the discriminator.
  package let layer: String
  package let features: [Int]
  package let through: AscentProgram.Through
  package let starts: Int
  package let steps: Int
  /// Images of each feature.
  package let shown: Int
  package let seed: UInt64

  package init(
    layer: String, features: [Int], through: AscentProgram.Through, starts: Int, steps: Int,
    shown: Int, seed: UInt64
  ) {
    (self.layer, self.features, self.through) = (layer, features, through)
    (self.starts, self.steps, self.shown, self.seed) = (starts, steps, min(shown, starts), seed)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.visualize.rawValue
    package let method = VisualizationMethod.ascend.rawValue
    package let checkpoint: String
    package let layer: String
    package let through: String
    /// Real images that were looked at.
    package let images: Int
    package let seed: UInt64
    package let features: [Feature]

    package struct Feature: Encodable, Sendable {
      package let feature: Int
      /// Of each start, strongest first.
      package let reached: [Float]
      /// The strongest of a real image.
      package let real: Float
    }
  }

  package enum Progress: Sendable {
    /// So many more real images have been looked at.
    case looked(images: Int)
    /// One more step of a feature's starts.
    case moved
  }

  private static let rate = 0.05
  /// The share of their distance from the middle of the range that pixels lose in each step.
  private static let decay: Float = 0.005

  /// Compares the responses reached with those to the first `count` images of a data set.
  ///
  /// - Parameter report: is called after each part of the work.
  package func run(
    on networks: TrainedNetworks, dataset: any Dataset, images count: Int,
    report: (Progress) -> Void = { _ in }
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let found = try networks.convolution(named: layer, features: features)
    // Pixels need no generator.
    let latents = through == .latent ? try Latents(of: networks, label: 0) : nil
    let real = try networks.responses(of: features, in: found, to: dataset, count) {
      report(.looked(images: $0))
    }
    let program = AscentProgram(
      of: networks.spec, graph: networks.graph, starts: starts, layer: found, through: through)
    let loaded = try training { () throws(TrainingProblem) in
      try networks.load(program.program)
    }
    let pixels = RealPixels(as: networks.spec.image)
    var (sheet, titles): ([Float], [String]) = ([], [])
    var results: [Result.Feature] = []
    for (place, feature) in features.enumerated() {
      let choice = [Float].choice(of: feature, among: found.channels)
      let (images, responses) = try training { () throws(TrainingProblem) in
        try ascend(choice, networks, loaded, latents, report)
      }
      let order = responses.placesOfLargest(starts)
      let size = images.count / starts
      let best = real[place].placesOfLargest(shown)
      sheet += order.prefix(shown).flatMap { images[$0 * size..<($0 + 1) * size] }
      sheet += try pixels.images(of: dataset, best)
      // A row is as long as the other one.
      let middle = networks.spec.image.middle
      sheet += [Float](repeating: middle, count: (shown - best.count) * size)
      titles += ["\(feature)", "real"]
      results.append(
        Result.Feature(
          feature: feature, reached: order.map { responses[$0] },
          real: best.first.map { real[place][$0] } ?? 0))
    }
    return (
      StudyPicture(of: networks.spec.image).sheet(sheet, columns: shown, rowTitles: titles),
      Result(
        checkpoint: networks.checkpoint, layer: layer, through: through.rawValue, images: count,
        seed: seed, features: results)
    )
  }

  // MARK: Private

  /// The images [S, H, W, C] after all steps, and the response to each.
  private func ascend(
    _ choice: [Float], _ networks: TrainedNetworks, _ loaded: any LoadedProgram,
    _ latents: Latents?, _ report: (Progress) -> Void
  ) throws(TrainingProblem) -> (images: [Float], responses: [Float]) {
    let (spec, state) = (networks.spec, networks.state)
    let image = spec.image
    var searched: [Float]
    if let latents {
      searched = latents.noise(Array(0..<starts), seed: seed)
    } else {
      let stream = RandomStream(key: RandomKey(seed: seed, step: 0), stream: 0)
      let noise = Self.pixelNoise * (image.pixelRange.upperBound - image.pixelRange.lowerBound)
      searched = (0..<starts * image.height * image.width * image.channels).map {
        image.middle + noise * stream.normal(at: $0)
      }
    }
    let name =
      switch through {
      case .latent: TensorName.searchedNoise
      case .pixels: TensorName.searchedPixels
      }
    try onDevice { () throws(DeviceProblem) in
      try state.write(choice, to: TensorName.searchedFeature)
      if let condition = spec.condition, let labels = latents?.labels(starts),
        state.contains(TensorName.searchedLabels)
      {
        try state.write(
          oneHot(labels, classes: condition.classes), to: TensorName.searchedLabels)
      }
    }
    var descent = LatentDescent(count: searched.count, rate: Self.rate)
    for step in 0...steps {
      let gradient = try onDevice { () throws(DeviceProblem) in
        try state.write(searched, to: name)
        try loaded.run(key: RandomKey(seed: 0, step: 0))
        return try loaded.output(TensorName.searchGradient)
      }
      if step == steps { break }
      descent.move(&searched, against: gradient)
      switch through {
      case .latent: spec.latent.keepLikely(&searched)
      case .pixels:
        for place in searched.indices {
          let drawn = searched[place] - Self.decay * (searched[place] - image.middle)
          searched[place] = min(
            max(drawn, image.pixelRange.lowerBound), image.pixelRange.upperBound)
        }
      }
      report(.moved)
    }
    return try onDevice { () throws(DeviceProblem) in
      (
        try loaded.output(TensorName.images),
        try loaded.output(TensorName.searchErrors).map { -$0 }
      )
    }
  }

  /// Standard deviation of the pixels at the start, as a share of their range.
  private static let pixelNoise: Float = 0.05
}

extension ImageSpec {
  /// The middle of the range.
  var middle: Float { (pixelRange.lowerBound + pixelRange.upperBound) / 2 }
}
