import Dispatch
import Synchronization

/// A data set cut into batches of floats, as the network wants them.
///
/// The last images of an epoch that do not fill a batch are left out, others each time.
package struct Batches: Sendable {
  package let dataset: any Dataset
  /// Images in a batch, N.
  package let size: Int
  /// Batches in an epoch, at least 1.
  package let perEpoch: Int
  /// Images of an epoch that do not fill a batch.
  package let leftOut: Int
  /// Places of a batch that are loaded; all but where several processes share a batch.
  package private(set) var places: Range<Int>
  /// Threads that share the work on one batch; they change nothing about its bytes.
  private let threads: Int
  /// What each byte becomes.
  private let values: [Float]
  private let seed: UInt64
  /// Equal parts of a batch, each of which goes through a stretch of its own of a stream.
  private let parts: Int

  /// - Parameters:
  ///   - shape: what the spec asks for; images of another size are refused.
  ///   - range: what 0 and 255 become.
  ///   - threads: that share the work on images that are slow to make.
  ///   - parts: equal parts of a batch that several processes may take; a stream is opened for as
  ///     many.
  ///   - limit: the most images in an epoch, or nil for all.
  package init(
    of dataset: any Dataset, size: Int, shape: ImageShape, range: ClosedRange<Float>,
    seed: UInt64, parts: Int = 1, limit: Int? = nil, threads: Int = 1
  ) throws(DatasetProblem) {
    guard dataset.imageShape == shape else {
      throw .wrongImageShape(dataset: dataset.name, found: dataset.imageShape, expected: shape)
    }
    let images = min(dataset.count, limit ?? dataset.count)
    guard images >= size else {
      throw .noBatch(
        dataset: dataset.name, images: images, batch: size,
        limit: images < dataset.count ? limit : nil)
    }
    self.dataset = dataset
    self.size = size
    places = 0..<size
    self.seed = seed
    self.parts = parts
    self.threads = max(1, threads)
    (perEpoch, leftOut) = images.quotientAndRemainder(dividingBy: size)
    values = Self.values(in: range)
  }

  /// The same batches, of which only some places are loaded.
  package func taking(_ places: Range<Int>) -> Batches {
    precondition(places.lowerBound >= 0 && places.upperBound <= size, "\(places) of \(size)")
    var batches = self
    batches.places = places
    return batches
  }

  /// The order of one epoch, counted from 0.
  ///
  /// Keep it for all the epoch's batches.
  package func order(epoch: Int) -> EpochOrder {
    dataset.isStream
      ? EpochOrder(stretches: parts, of: perEpoch, batch: size, epoch: epoch)
      : EpochOrder(count: dataset.count, seed: seed, epoch: epoch)
  }

  /// Writes a batch, 0 ..< `perEpoch`, into `images`: [N, H, W, C] for N places, in the network's
  /// range.
  package func load(
    _ batch: Int, in order: EpochOrder, into images: inout MutableSpan<Float>
  ) throws(DatasetProblem) {
    let count = dataset.imageShape.count
    let (first, size) = (batch * size + places.lowerBound, places.count)
    precondition(
      images.count == size * count, "\(images.count) floats for \(size) images of \(count)")
    let threads = dataset.isCostly ? max(1, min(threads, size)) : 1
    let problem = Mutex<(item: Int, problem: DatasetProblem)?>(nil)
    images.withUnsafeMutableBufferPointer { images in
      // Each thread writes the images of its own part of the batch, and nothing else.
      nonisolated(unsafe) let images = images
      @Sendable func load(part: Int) {
        var pixels = [UInt8](repeating: 0, count: count)
        for item in (part * size / threads)..<((part + 1) * size / threads) {
          do throws(DatasetProblem) {
            var span = pixels.mutableSpan
            try dataset.decode(order[first + item], epoch: order.epoch, into: &span)
          } catch {
            problem.withLock { known in
              if known.map({ item < $0.item }) ?? true { known = (item, error) }
            }
            return
          }
          for position in 0..<count {
            images[item * count + position] = values[Int(pixels[position])]
          }
        }
      }
      if threads == 1 {
        load(part: 0)
      } else {
        DispatchQueue.concurrentPerform(iterations: threads) { load(part: $0) }
      }
    }
    if let found = problem.withLock({ $0?.problem }) { throw found }
  }

  /// The labels of a batch at the places, [N]; nil when the data set has none.
  package func labels(
    _ batch: Int, in order: EpochOrder
  ) throws(DatasetProblem) -> [Int]? {
    var labels: [Int] = []
    for item in places {
      guard
        let label = try dataset.label(
          at: order[batch * size + item], epoch: order.epoch)
      else { return nil }
      labels.append(label)
    }
    return labels
  }

  /// What each byte becomes: 0 the lower bound, 255 the upper, exactly.
  package static func values(in range: ClosedRange<Float>) -> [Float] {
    let (lower, upper) = (Double(range.lowerBound), Double(range.upperBound))
    return (0...255).map { byte in
      Float((lower * Double(255 - byte) + upper * Double(byte)) / 255)
    }
  }
}
