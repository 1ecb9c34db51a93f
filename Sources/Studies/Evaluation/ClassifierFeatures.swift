import Datasets
import Images
import Model
import Spec
import Training

/// What a trained classifier makes of images: the numbers that its last layer reads, and the class.
///
/// A class because it owns a loaded program; used from one thread at a time.
final class ClassifierFeatures {
  private let program: DiscriminatorFeatures
  private let values: [Float]
  let classes: Int

  /// Images at a time.
  private static let batch = 64

  /// Throws where the networks are no classifier, or one of other images.
  init(_ classifier: TrainedNetworks, of image: ImageSpec) throws(StudyProblem) {
    let own = classifier.spec.image
    guard classifier.spec.objective.loss == .classification,
      let classes = classifier.spec.condition?.classes
    else { throw .noClassifier(spec: classifier.spec.name) }
    guard (own.height, own.width, own.channels) == (image.height, image.width, image.channels)
    else {
      throw .otherImages(
        classifier: classifier.spec.name, takes: own.sizeText, wanted: image.sizeText)
    }
    self.classes = classes
    values = Batches.values(in: own.pixelRange)
    program = try training { () throws(TrainingProblem) in
      try DiscriminatorFeatures(of: classifier, batch: Self.batch, reading: .lastAndOutput)
    }
  }

  /// Of images as bytes [N, H, W, C].
  func look(at images: [UInt8]) throws(StudyProblem) -> (features: [[Float]], classes: [Int]) {
    let pixels = images.map { values[Int($0)] }
    let found = try training { () throws(TrainingProblem) in try program.vectors(of: pixels) }
    guard found.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw .featuresNotFinite }
    let told = found.map { vector in
      let scores = Array(vector.suffix(classes))
      return scores.indices.max { scores[$0] < scores[$1] } ?? 0
    }
    return (found.map { Array($0.dropLast(classes)) }, told)
  }

  /// How many of generated images [N, H, W, C] are taken for a class.
  func count(
    of wanted: Int, in images: [Float], _ image: ImageSpec
  ) throws(StudyProblem) -> Int {
    guard (0..<classes).contains(wanted) else {
      throw .noSuchClass(label: wanted, classes: classes)
    }
    return try look(at: image.bytes(of: images)).classes.count { $0 == wanted }
  }
}

extension ImageSpec {
  /// As in `28 × 28 × 1`.
  fileprivate var sizeText: String { "\(height) × \(width) × \(channels)" }
}
