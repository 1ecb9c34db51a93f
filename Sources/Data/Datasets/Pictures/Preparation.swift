import Files
import Images
import Spec
import Synchronization

/// A data set that is made of another one; what it does not say itself is as there.
package protocol PreparedDataset: Dataset {
  var base: any Dataset { get }
}

extension PreparedDataset {
  package var name: String { base.name }
  package var count: Int { base.count }
  package var imageShape: ImageShape { base.imageShape }
  package var labelCount: Int? { base.labelCount }
  package var labelNames: [String]? { base.labelNames }
  package var isCostly: Bool { base.isCostly }
  package var dependsOnEpoch: Bool { base.dependsOnEpoch }
  package var preparation: String { base.preparation }
  package var notes: [String] { base.notes }
  package var unreadable: [UnreadablePicture] { base.unreadable }
  package func label(at index: Int) throws(DatasetProblem) -> Int? { try base.label(at: index) }
  package func label(at index: Int, epoch: Int) throws(DatasetProblem) -> Int? {
    try base.label(at: index, epoch: epoch)
  }
  package func place(of index: Int) -> String { base.place(of: index) }
  package var isStream: Bool { base.isStream }
  package func pictureSizes(sample: Int) throws(DatasetProblem) -> PictureSizes? {
    try base.pictureSizes(sample: sample)
  }
  package func check() throws(DatasetProblem) -> [UnreadablePicture] { try base.check() }
}

/// Some images of a data set, in an order of their own.
package struct Subset: PreparedDataset {
  package let base: any Dataset
  private let indices: [UInt32]

  package init(_ indices: [UInt32], of base: any Dataset) {
    self.base = base
    self.indices = indices
  }

  package var count: Int { indices.count }

  package func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem) {
    try base.decode(Int(indices[index]), into: &pixels)
  }

  package func decode(
    _ index: Int, epoch: Int, into pixels: inout MutableSpan<UInt8>
  ) throws(DatasetProblem) {
    try base.decode(Int(indices[index]), epoch: epoch, into: &pixels)
  }

  package func label(at index: Int) throws(DatasetProblem) -> Int? {
    try base.label(at: Int(indices[index]))
  }

  package func place(of index: Int) -> String { base.place(of: Int(indices[index])) }
}

/// A data set half of whose images, others in each epoch, are mirrored.
struct Mirrored: PreparedDataset {
  let base: any Dataset
  let seed: UInt64

  var dependsOnEpoch: Bool { true }
  var preparation: String { base.preparation + " flip" }

  func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem) {
    try base.decode(index, into: &pixels)
  }

  func decode(
    _ index: Int, epoch: Int, into pixels: inout MutableSpan<UInt8>
  ) throws(DatasetProblem) {
    try base.decode(index, epoch: epoch, into: &pixels)
    var random = CounterRandom(
      seed: seed, purpose: .mirror, index: UInt64(truncatingIfNeeded: epoch << 32 | index))
    guard random.next() & 1 == 1 else { return }
    let (width, channels) = (imageShape.width, imageShape.channels)
    for y in 0..<imageShape.height {
      let row = y * width * channels
      for x in 0..<width / 2 {
        for channel in 0..<channels {
          let (left, right) = (
            row + x * channels + channel, row + (width - 1 - x) * channels + channel
          )
          let kept = pixels[left]
          pixels[left] = pixels[right]
          pixels[right] = kept
        }
      }
    }
  }
}

/// A data set whose images are decoded once and then kept in memory.
struct Cached: PreparedDataset {
  let base: any Dataset
  private let store: Store

  /// Nil where the images would take more than a quarter of the memory, or differ by epoch.
  init?(_ base: any Dataset) {
    let (bytes, overflow) = base.count.multipliedReportingOverflow(by: base.imageShape.count)
    guard base.isCostly, !base.dependsOnEpoch, !overflow, bytes <= MachineMemory.limit / 4 else {
      return nil
    }
    self.base = base
    store = Store(count: base.count)
  }

  func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem) {
    if let kept = store[index] {
      for position in kept.indices { pixels[position] = kept[position] }
      return
    }
    let image = try base.image(at: index)
    store.keep(image, at: index)
    for position in image.indices { pixels[position] = image[position] }
  }

  /// Shared by all threads; a thread that is late keeps the same bytes once more.
  private final class Store: Sendable {
    private let images: Mutex<[[UInt8]?]>

    init(count: Int) { images = Mutex(Array(repeating: nil, count: count)) }

    subscript(index: Int) -> [UInt8]? { images.withLock { $0[index] } }

    func keep(_ image: [UInt8], at index: Int) { images.withLock { $0[index] = image } }
  }
}

extension DataReading {
  /// The images of `base` that belong to `split`, prepared as the spec says.
  ///
  /// `limit` and `holdout` choose by a permutation that the number of images alone decides, so that
  /// every run keeps back the same ones.
  ///
  /// - Parameter isSplit: whether `base` is already the part that `split` names.
  func prepared(
    _ base: any Dataset, _ split: DatasetSplit, isSplit: Bool, seed: UInt64
  ) throws(DatasetProblem) -> any Dataset {
    var dataset = base
    if !base.isStream, holdout > 0 && !isSplit || limit.map({ $0 < base.count }) == true {
      let order = EpochOrder(count: base.count, seed: 0, epoch: 0, purpose: .choice)
      let keptBack = isSplit ? 0 : base.count * holdout / 100
      let all = (0..<base.count).map { UInt32(order[$0]) }
      let part = split == .train || isSplit ? all.dropFirst(keptBack) : all.prefix(keptBack)
      dataset = Subset(part.prefix(limit ?? base.count).sorted(), of: base)
    }
    if cache == .auto, let kept = Cached(dataset) { dataset = kept }
    if flip, split == .train { dataset = Mirrored(base: dataset, seed: seed) }
    return dataset
  }
}
