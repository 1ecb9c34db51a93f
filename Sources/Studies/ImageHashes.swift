import Datasets
import Device
import Training

/// Hashes of images by a trained autoencoder, as `DuplicateViews` shows them to it.
///
/// A class because it owns a loaded program; used from one thread at a time.
final class ImageHashes {
  private let encoder: Encoder

  /// Images at a time, with all their views.
  static let together = 3

  init(by checkpoint: String, device: any Device) throws(TrainingProblem) {
    encoder = try Encoder(
      checkpoint: checkpoint, batch: Self.together * DuplicateViews.count, device: device)
  }

  /// One of each image; `report` is called with how many there are so far.
  func hashes(
    of dataset: any Dataset, _ items: Range<Int>, report: (Int) -> Void = { _ in }
  ) throws(TrainingProblem) -> [CodeHash] {
    let views = DuplicateViews(base: dataset)
    var hashes: [CodeHash] = []
    hashes.reserveCapacity(items.count)
    for start in stride(from: items.lowerBound, to: items.upperBound, by: encoder.batch) {
      let part = start..<min(start + encoder.batch, items.upperBound)
      var images: [UInt8] = []
      do throws(DatasetProblem) {
        for index in part { images += try views.image(at: index) }
      } catch { throw .data(error) }
      hashes += try encoder.hashes(of: images, count: part.count)
      report(hashes.count)
    }
    return hashes
  }

  /// All views of at most `together` images, one image after the other.
  func hashesOfViews(
    of dataset: any Dataset, _ items: Range<Int>
  ) throws(TrainingProblem) -> [CodeHash] {
    let views = DuplicateViews(base: dataset)
    var images: [UInt8] = []
    do throws(DatasetProblem) {
      for index in items { images += try views.all(of: index) }
    } catch { throw .data(error) }
    return try encoder.hashes(of: images, count: items.count * DuplicateViews.count)
  }
}

extension Encoder {
  /// A hash for each of `count` images [N, H, W, C].
  fileprivate func hashes(of images: [UInt8], count: Int) throws(TrainingProblem) -> [CodeHash] {
    let codes = try codes(of: images, count: count)
    let size = codes.count / count
    return (0..<count).map { CodeHash(codes[($0 * size)..<(($0 + 1) * size)]) }
  }
}
