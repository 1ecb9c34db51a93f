import Datasets
import Device
import Images
import Model
import Program
import Spec
import Training

/// What the features of a layer of the discriminator respond to, by guided backpropagation.
///
/// For each feature the images of a data set that it responds to most, and under each what in it makes
/// the response; then the same with the weights before any training, which respond to nothing in
/// particular. Source: Radford et al. 2015, section 6.2 and figure 5.
package struct GuidedFeatures: Sendable {
  /// A convolution of the discriminator.
  package let layer: String
  package let features: [Int]
  /// Images of each feature.
  package let shown: Int
  /// Of the random weights.
  package let seed: UInt64

  package init(layer: String, features: [Int], shown: Int, seed: UInt64) {
    (self.layer, self.features) = (layer, features)
    (self.shown, self.seed) = (shown, seed)
  }

  package struct Result: Encodable, Sendable {
    package let study = Study.visualize.rawValue
    package let method = VisualizationMethod.guided.rawValue
    package let checkpoint: String
    package let layer: String
    /// Images that were looked at.
    package let images: Int
    package let seed: UInt64
    package let trained: [Feature]
    package let untrained: [Feature]

    package struct Feature: Encodable, Sendable {
      package let feature: Int
      /// Places in the data set, strongest first.
      package let strongest: [Int]
      /// The response to each.
      package let responses: [Float]
      /// The mean over all images of the strongest response in each.
      package let mean: Double
    }
  }

  /// Over the first `count` images; `report` is called with how many more have been looked at.
  package func run(
    on networks: TrainedNetworks, dataset: any Dataset, images count: Int,
    report: (Int) -> Void = { _ in }
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let found = try networks.convolution(named: layer, features: features)
    let untrained = try training { () throws(TrainingProblem) in
      try networks.untrained(seed: seed)
    }
    let trained = try look(at: dataset, count, found, by: networks, report: report)
    let random = try look(at: dataset, count, found, by: untrained, report: report)
    return (
      StudyPicture.stacked([
        ("\(layer), trained", trained.sheet), ("\(layer), untrained", random.sheet),
      ]),
      Result(
        checkpoint: networks.checkpoint, layer: layer, images: count, seed: seed,
        trained: trained.features, untrained: random.features)
    )
  }

  // MARK: Private

  /// Images at a time.
  private static let batch = 64

  private func look(
    at dataset: any Dataset, _ count: Int, _ layer: ConvolutionEnd, by networks: TrainedNetworks,
    report: (Int) -> Void
  ) throws(StudyProblem) -> (sheet: ImageBuffer, features: [Result.Feature]) {
    let pixels = RealPixels(as: networks.spec.image)
    let responses = try networks.responses(
      of: features, in: layer, to: dataset, count, report: report)
    var found: [Result.Feature] = []
    var (sheet, titles): ([Float], [String]) = ([], [])
    let columns = min(shown, count)
    let program = GuidedProgram(
      of: networks.spec, graph: networks.graph, batch: Self.batch, layer: layer
    ).program
    let loaded = try training { () throws(TrainingProblem) in try networks.load(program) }
    for (place, feature) in features.enumerated() {
      let all = responses[place]
      let order = all.placesOfLargest(columns)
      let images = try pixels.images(of: dataset, order)
      let choice = [Float].choice(of: feature, among: layer.channels)
      let guided = try training { () throws(TrainingProblem) in
        try onDevice { () throws(DeviceProblem) in
          // The last image fills up.
          let size = images.count / columns
          let rest = (columns..<Self.batch).flatMap { _ in images.suffix(size) }
          try networks.state.write(images + rest, to: TensorName.lookedAt)
          try networks.state.write(choice, to: TensorName.lookedAtFeature)
          try loaded.run(key: RandomKey(seed: 0, step: 0))
          return Array(try loaded.output(TensorName.guided).prefix(images.count))
        }
      }
      sheet += images + Self.shades(of: guided, count: columns, in: networks.spec.image.pixelRange)
      titles += ["\(feature)", ""]
      found.append(
        Result.Feature(
          feature: feature, strongest: order, responses: order.map { all[$0] },
          mean: all.reduce(0.0) { $0 + Double($1) } / Double(max(all.count, 1))))
    }
    let picture = StudyPicture(of: networks.spec.image)
      .sheet(sheet, columns: columns, rowTitles: titles)
    return (picture, found)
  }

  /// Each of `count` maps as an image: 0 in the middle of the range, its largest magnitude at an end.
  private static func shades(
    of maps: [Float], count: Int, in range: ClosedRange<Float>
  ) -> [Float] {
    let size = maps.count / count
    let (middle, half) =
      ((range.lowerBound + range.upperBound) / 2, (range.upperBound - range.lowerBound) / 2)
    return (0..<count).flatMap { map -> [Float] in
      let values = maps[map * size..<(map + 1) * size]
      let largest = values.reduce(0) { max($0, $1.magnitude) }
      return values.map { middle + (largest > 0 ? half * $0 / largest : 0) }
    }
  }
}
