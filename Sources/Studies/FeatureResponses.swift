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
  /// The images are the first `count` of a data set; `report` is called with how many more have been
  /// looked at.
  func responses(
    of features: [Int], in layer: ConvolutionEnd, to dataset: any Dataset, _ count: Int,
    report: (Int) -> Void
  ) throws(StudyProblem) -> [[Float]] {
    let maker = try training { () throws(TrainingProblem) in
      try DiscriminatorFeatures(
        of: self, batch: RealPixels.batch, reading: .strongest(layer: layer))
    }
    let vectors = try RealPixels(as: spec.image).vectors(
      of: dataset, Array(0..<count), report: report
    ) { images throws(TrainingProblem) in
      try maker.vectors(of: images).map { vector in features.map { vector[$0] } }
    }
    return features.indices.map { place in vectors.map { $0[place] } }
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
