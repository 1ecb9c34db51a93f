import Datasets
import Training

extension Dataset {
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
