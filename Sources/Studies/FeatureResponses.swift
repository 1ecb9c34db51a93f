import Datasets
import Model
import Training

extension TrainedNetworks {
  /// A convolution of the discriminator that has all these features.
  func convolution(
    named name: String, features: [Int]
  ) throws(StudyProblem) -> ConvolutionEnd {
    let convolutions = graph.discriminator.convolutions
    guard let found = convolutions.first(where: { $0.name == name }) else {
      throw .noSuchLayer(name: name, names: convolutions.map(\.name))
    }
    if graph.discriminator.usesLabels { throw .discriminatorReadsLabels }
    for feature in features where !(0..<found.channels).contains(feature) {
      throw .noSuchFeature(feature, layer: name, count: found.channels)
    }
    return found
  }

  /// The strongest response of features of a layer to each of some images: [features][images].
  ///
  /// The images are the first `count` of a data set; `report` hears how many have been looked at.
  func responses(
    of features: [Int], in layer: ConvolutionEnd, to dataset: any Dataset, _ count: Int,
    report: (Int) -> Void
  ) throws(StudyProblem) -> [[Float]] {
    let batch = 64
    let pixels = RealPixels(as: spec.image)
    let maker = try training { () throws(TrainingProblem) in
      try DiscriminatorFeatures(of: self, batch: batch, reading: .strongest(layer: layer))
    }
    var responses = features.map { _ in [Float]() }
    for start in stride(from: 0, to: count, by: batch) {
      let items = start..<min(start + batch, count)
      let images = try pixels.images(of: dataset, items)
      let vectors = try training { () throws(TrainingProblem) in try maker.vectors(of: images) }
      for (place, feature) in features.enumerated() {
        responses[place] += vectors.map { $0[feature] }
      }
      report(items.count)
    }
    return responses
  }
}

extension [Float] {
  /// The places of the largest few numbers, largest first; of equal ones the earlier.
  func placesOfLargest(_ count: Int) -> [Int] {
    Array<Int>(indices.sorted { (-self[$0], $0) < (-self[$1], $1) }.prefix(count))
  }

  /// 1 at one place and 0 at all others.
  static func choice(of place: Int, among count: Int) -> [Float] {
    (0..<count).map { $0 == place ? 1 : 0 }
  }
}
