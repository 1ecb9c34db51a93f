import Dispatch
import Foundation
import Synchronization

/// Loads the batches of a training one ahead, on a thread of its own, while the network works.
///
/// What it hands out, and at which step it fails, is what loading at each step would give. At the
/// most one batch waits here: [N, H, W, C] floats and its labels.
package final class BatchPrefetch {
  private let slot: Slot
  /// What ended the loading.
  private var problem: DatasetProblem?

  /// One step's share of the data.
  package struct Visit: Sendable {
    package let epoch: Int
    /// 0 ..< `perEpoch`.
    package let batch: Int
    /// Whether the step looks at the images.
    package let withImages: Bool

    package init(epoch: Int, batch: Int, withImages: Bool) {
      self.epoch = epoch
      self.batch = batch
      self.withImages = withImages
    }
  }

  /// Begins to load the first batch.
  ///
  /// - Parameter visits: the visit of each step, counted from 0; nil after the last.
  package init(_ batches: Batches, visits: @escaping @Sendable (Int) -> Visit?) {
    let slot = Slot()
    self.slot = slot
    Thread.detachNewThread {
      slot.load(batches, visits)
      slot.ended.signal()
    }
    slot.emptied.signal()
  }

  /// Waits for the batch that is being loaded, and then for the end of the thread.
  deinit {
    slot.isAbandoned.store(true, ordering: .relaxed)
    slot.emptied.signal()
    slot.ended.wait()
  }

  /// Waits for the next batch and gives it to `body`; then the one after it is loaded.
  ///
  /// - Parameter body: gets the images, empty for a visit without them, and the labels, if any.
  package func next<Result>(
    _ body: (_ images: [Float], _ labels: [Int]?) throws(DatasetProblem) -> Result
  ) throws(DatasetProblem) -> Result {
    if let problem { throw problem }
    slot.filled.wait()
    if let found = slot.problem {
      problem = found
      throw found
    }
    defer { slot.emptied.signal() }
    return try body(slot.images, slot.labels)
  }
}

/// What both threads share.
///
/// Rule behind `@unchecked Sendable`: from `emptied` to `filled` the loading thread owns `images`,
/// `labels` and `problem`, from `filled` to `emptied` the other one does.
private final class Slot: @unchecked Sendable {
  var images: [Float] = []
  var labels: [Int]?
  var problem: DatasetProblem?
  let emptied = DispatchSemaphore(value: 0)
  let filled = DispatchSemaphore(value: 0)
  let ended = DispatchSemaphore(value: 0)
  let isAbandoned = Atomic(false)

  /// Fills the slot each time that it is emptied, until the last visit or the first problem.
  func load(_ batches: Batches, _ visits: (Int) -> BatchPrefetch.Visit?) {
    var order: (epoch: Int, value: EpochOrder)?
    var step = 0
    while problem == nil, let visit = visits(step) {
      emptied.wait()
      if isAbandoned.load(ordering: .relaxed) { return }
      if order?.epoch != visit.epoch {
        order = (visit.epoch, batches.order(epoch: visit.epoch))
      }
      if let order = order?.value { load(visit, of: batches, in: order) }
      step += 1
      filled.signal()
    }
  }

  private func load(_ visit: BatchPrefetch.Visit, of batches: Batches, in order: EpochOrder) {
    do throws(DatasetProblem) {
      let count = visit.withImages ? batches.places.count * batches.dataset.imageShape.count : 0
      if images.count != count { images = [Float](repeating: 0, count: count) }
      if visit.withImages {
        var span = images.mutableSpan
        try batches.load(visit.batch, in: order, into: &span)
      }
      labels = try batches.labels(visit.batch, in: order)
    } catch {
      problem = error
    }
  }
}
