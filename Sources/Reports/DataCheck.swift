import Datasets
import Files

/// Every image of a data set, read once.
package struct DataCheck {
  package let images: Int
  package let faults: [UnreadablePicture]

  package init(of dataset: any Dataset) throws(DatasetProblem) {
    images = dataset.count
    faults = try dataset.check()
  }

  /// Lines for people.
  package var text: String {
    let faulty = faults.map { "  \($0.fault.description)" }
    let good = images - faults.count
    return (["\(good.grouped) of \(images.counted("image")) can be read"] + faulty)
      .joined(separator: "\n")
  }

  /// A name and, after a tab, the reason in each line.
  package var skipList: String {
    faults.map { "\($0.place)\t\($0.fault.description)\n" }.joined()
  }
}
