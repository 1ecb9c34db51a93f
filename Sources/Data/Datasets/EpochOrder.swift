/// The order in which one epoch visits the images: a permutation of 0 ..< count.
///
/// It follows from (count, seed, epoch) alone, so a run that resumes in the middle of an epoch
/// makes the same order again and continues at its position.
package struct EpochOrder: Sendable {
  package let count: Int
  private let places: Places
  /// Counted from 0.
  package let epoch: Int

  private enum Places {
    case permuted([UInt32])
    /// Each part of a batch, of so many images, goes through a stretch of its own, one image after
    /// the other.
    case stretches(part: Int, batch: Int, length: Int)
  }

  /// - Parameter count: below 2³².
  package init(count: Int, seed: UInt64, epoch: Int) {
    self.init(count: count, seed: seed, epoch: epoch, purpose: .order)
  }

  /// A permutation for another purpose than an epoch's.
  init(count: Int, seed: UInt64, epoch: Int, purpose: RandomPurpose) {
    precondition(count >= 0 && count < 1 << 32, "an order of \(count) images")
    var indices = (0..<UInt32(count)).map { $0 }
    var random = CounterRandom(
      seed: seed, purpose: purpose, index: UInt64(truncatingIfNeeded: epoch))
    // Fisher and Yates: every permutation is equally likely.
    for last in stride(from: count - 1, to: 0, by: -1) {
      indices.swapAt(last, Int(random.number(below: UInt32(last + 1))))
    }
    self.count = count
    places = .permuted(indices)
    self.epoch = epoch
  }

  /// For data that come in an order of their own.
  ///
  /// So many `batches` are cut into `parts`: who takes a part of each batch reads one stretch of the
  /// data.
  ///
  /// - Parameter batch: images in a batch, a multiple of `parts`.
  init(stretches parts: Int, of batches: Int, batch: Int, epoch: Int) {
    precondition(batch.isMultiple(of: parts), "\(parts) parts of \(batch) images")
    count = batches * batch
    self.epoch = epoch
    places = .stretches(part: batch / parts, batch: batch, length: batches * batch / parts)
  }

  /// The image at a position of the epoch.
  package subscript(position: Int) -> Int {
    switch places {
    case .permuted(let indices): return Int(indices[position])
    case .stretches(let part, let batch, let length):
      let (number, place) = position.quotientAndRemainder(dividingBy: batch)
      return place / part * length + number * part + place % part
    }
  }
}
