/// The order in which one epoch visits the images: a permutation of 0 ..< count.
///
/// It follows from (count, seed, epoch) alone, so a run that resumes in the middle of an epoch
/// makes the same order again and continues at its position.
package struct EpochOrder: Sendable {
  package let count: Int
  /// Nil for the order of the numbers themselves.
  private let indices: [UInt32]?
  /// Counted from 0.
  package let epoch: Int

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
    self.indices = indices
    self.epoch = epoch
  }

  /// One image after the other, for data that come in an order of their own.
  init(identity count: Int, epoch: Int) {
    self.count = count
    self.epoch = epoch
    indices = nil
  }

  /// The image at a position of the epoch.
  package subscript(position: Int) -> Int { indices.map { Int($0[position]) } ?? position }
}
