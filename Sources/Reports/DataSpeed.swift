import Datasets
import Files

/// How fast one thread makes the images of a data set ready.
package struct DataSpeed {
  package let images: Int
  package let seconds: Double

  /// Images one after the other for about this long.
  private static let duration: Duration = .seconds(3)

  /// - Parameter dataset: one that keeps no images in memory, to measure more than the memory.
  package init(of dataset: any Dataset) throws(DatasetProblem) {
    let clock = ContinuousClock()
    // The first one brings what is made only once.
    _ = try dataset.image(at: 0)
    let start = clock.now
    var images = 0
    repeat {
      _ = try dataset.image(at: images % dataset.count)
      images += 1
    } while clock.now - start < Self.duration
    self.images = images
    seconds = (clock.now - start) / .seconds(1)
  }

  package var text: String {
    "\(Int(Double(images) / seconds).grouped) images a second on one thread"
  }
}
