import Datasets
import Images
import Spec
import Training

/// How often a classifier is right on images that it has not learned from.
package struct ClassifierTest: Sendable {
  /// Images of the test set at most.
  package let tested: Int

  package let seed: UInt64

  package init(tested: Int, seed: UInt64) { (self.tested, self.seed) = (tested, seed) }

  package struct Result: Encodable, Sendable {
    package let study = Study.evaluate.rawValue
    package let protocolName = EvaluationProtocol.accuracy.rawValue
    package let checkpoint: String
    package let tested: Int
    /// The share of images whose class it tells.
    package let accuracy: Double
    /// By class: how many images of it are taken for each of the classes.
    package let confusion: [[Int]]

    private enum CodingKeys: String, CodingKey {
      case study
      case protocolName = "protocol"
      case checkpoint, tested, accuracy, confusion
    }
  }

  /// Images of the picture.
  private static let (shown, columns) = (40, 10)
  /// Images at a time.
  private static let batch = 1000

  /// The picture has images that it is wrong about, each under its class and what it is taken for.
  package func run(
    on classifier: TrainedNetworks, test: any Dataset
  ) throws(StudyProblem) -> (picture: ImageBuffer, result: Result) {
    let spec = classifier.spec
    let judge = try ClassifierFeatures(classifier, of: spec.image)
    let values = Batches.values(in: spec.image.pixelRange)
    let items = test.places(tested, seed: seed)
    guard !items.isEmpty else { throw .fewImages(dataset: test.name, found: 0, wanted: 1) }
    let labels = try test.labels(at: items)
    var confusion = [[Int]](
      repeating: [Int](repeating: 0, count: judge.classes), count: judge.classes)
    var (wrong, captions): ([Float], [String]) = ([], [])
    for start in stride(from: 0, to: items.count, by: Self.batch) {
      let part = items[start..<min(start + Self.batch, items.count)]
      var images: [[UInt8]] = []
      do throws(DatasetProblem) {
        for item in part { images.append(try test.image(at: item)) }
      } catch { throw .training(.data(error)) }
      for (place, found) in try judge.look(at: images.flatMap(\.self)).classes.enumerated() {
        let label = labels[start + place]
        confusion[label][found] += 1
        guard found != label, captions.count < Self.shown else { continue }
        wrong += images[place].map { values[Int($0)] }
        captions.append("\(label) as \(found)")
      }
    }
    let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
    let picture = StudyPicture(of: spec.image).sheet(
      wrong, columns: min(Self.columns, max(captions.count, 1)), captions: captions)
    return (
      picture,
      Result(
        checkpoint: classifier.checkpoint, tested: items.count,
        accuracy: Double(right) / Double(items.count), confusion: confusion)
    )
  }
}
