import Datasets
import Training

extension Dataset {
  /// Places of some of the images, drawn by chance, as a data set may have one class after the other.
  ///
  /// All of them, and those of a stream, come in their order.
  func places(_ count: Int, seed: UInt64) -> [Int] {
    guard count < self.count, !isStream else { return Array(0..<min(count, self.count)) }
    let order = EpochOrder(count: self.count, seed: seed, epoch: 0)
    return (0..<count).map { order[$0] }
  }

  /// The classes of images, by their places in the data set.
  func labels(at items: [Int]) throws(StudyProblem) -> [Int] {
    var labels: [Int] = []
    for item in items {
      let found: Int?
      do { found = try label(at: item) } catch { throw .training(.data(error)) }
      guard let found else { throw .noLabels(dataset: name) }
      labels.append(found)
    }
    return labels
  }
}
