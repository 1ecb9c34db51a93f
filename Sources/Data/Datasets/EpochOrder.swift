/// The order in which one epoch visits the images: a permutation of 0 ..< count.
///
/// It follows from (count, seed, epoch) alone, so a run that resumes in the middle of an epoch
/// makes the same order again and continues at its position.
package struct EpochOrder: Sendable {
  private let indices: [UInt32]

  /// - Parameter count: below 2³².
  package init(count: Int, seed: UInt64, epoch: Int) {
    precondition(count >= 0 && count < 1 << 32, "an order of \(count) images")
    var indices = (0..<UInt32(count)).map { $0 }
    var random = CounterRandom(
      seed: seed, purpose: .order, index: UInt64(truncatingIfNeeded: epoch))
    // Fisher and Yates: every permutation is equally likely.
    for last in stride(from: count - 1, to: 0, by: -1) {
      indices.swapAt(last, Int(random.number(below: UInt32(last + 1))))
    }
    self.indices = indices
  }

  package var count: Int { indices.count }

  /// The image at a position of the epoch.
  package subscript(position: Int) -> Int { Int(indices[position]) }
}
