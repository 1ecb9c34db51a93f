import Dispatch
import Files
import Images
import Program
import Spec
import Synchronization

/// A stream of samples from shards, shuffled in windows.
///
/// The shards come in a new order in each epoch; a window of so many samples in a row is permuted.
/// What comes at a position of an epoch follows from the seed alone, and to find it again at most
/// one window is read. In memory are the window that is being used, the one after it, and the one
/// before it, in which a batch may have begun; where the stream is read at several places at once,
/// these of each, which share the size of a window.
final class ShardStream: Dataset {
  let name = DataSource.shards.rawValue
  let count: Int
  let imageShape: ImageShape
  let labelCount: Int?
  private let shards: ShardList
  private let fitting: Fitting
  private let seed: UInt64
  private let window: Int
  /// At so many places the stream is read at once.
  private let walks: Int
  /// Windows in a row for each place, the place that was looked at last in the end.
  private let windows = Mutex<[[Loading]]>([])
  private let readCount = Atomic(0)
  /// Samples that have been taken out of shards so far.
  var samplesRead: Int { readCount.load(ordering: .relaxed) }
  private let faults = Mutex<(found: [UnreadablePicture], seen: Int)>(([], 0))

  /// - Parameters:
  ///   - pattern: see `ShardList`.
  ///   - classes: the labels that samples must have, or nil where none are read.
  ///   - walks: at so many places the stream is read at once.
  init(
    _ pattern: String, at locator: DatasetLocator, shape: ImageShape, classes: Int?,
    reading: DataReading, seed: UInt64, walks: Int = 1
  ) throws(DatasetProblem) {
    shards = try ShardList(pattern, at: locator)
    count = min(shards.count, reading.limit ?? .max)
    imageShape = shape
    labelCount = classes
    fitting = Fitting(
      height: shape.height, width: shape.width, channels: shape.channels, fit: reading.fit,
      alpha: reading.alpha, filter: reading.filter)
    self.seed = seed
    self.walks = walks
    window = max(1, min(reading.shuffle / walks, count))
  }

  var isCostly: Bool { true }
  var isStream: Bool { true }
  var dependsOnEpoch: Bool { true }
  var preparation: String { "window \(window)" + (walks > 1 ? " at \(walks) places" : "") }
  var unreadable: [UnreadablePicture] { faults.withLock { $0.found } }

  func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem) {
    try decode(index, epoch: 0, into: &pixels)
  }

  func decode(
    _ index: Int, epoch: Int, into pixels: inout MutableSpan<UInt8>
  ) throws(DatasetProblem) {
    let samples = try samples(around: index, epoch: epoch)
    var place = index % window
    for _ in samples.indices {
      let sample = samples[place % samples.count]
      do throws(ImageProblem) {
        let file = try PictureFile(sample.picture, path: sample.key)
        let bytes = try fitting.bytes(of: file, at: cropPlace(index, epoch))
        for position in bytes.indices { pixels[position] = bytes[position] }
        faults.withLock { $0.seen += 1 }
        return
      } catch {
        try note(UnreadablePicture(index: index, place: sample.key, fault: .image(error)))
        place += 1
      }
    }
    throw .unreadablePictures(dataset: name, count: count, found: unreadable)
  }

  func label(at index: Int) throws(DatasetProblem) -> Int? { try label(at: index, epoch: 0) }

  func label(at index: Int, epoch: Int) throws(DatasetProblem) -> Int? {
    guard let labelCount else { return nil }
    let samples = try samples(around: index, epoch: epoch)
    let sample = samples[index % window % samples.count]
    guard let label = sample.label else {
      throw .brokenArchive(
        path: sample.key, reason: "no label: expected \(sample.key).cls, or \"label\" in .json")
    }
    guard label < labelCount else {
      throw .tooManyLabels(dataset: sample.key, labels: label + 1, classes: labelCount)
    }
    return label
  }

  /// Decodes every sample, shard after shard.
  func check() throws(DatasetProblem) -> [UnreadablePicture] {
    var found: [UnreadablePicture] = []
    var index = 0
    for shard in shards.addresses.indices {
      var reader = SampleReader(try shards.open(shard))
      while let sample = try reader.next() {
        do throws(ImageProblem) {
          _ = try fitting.bytes(of: PictureFile(sample.picture, path: sample.key))
        } catch {
          let place = "\(shards.addresses[shard]):\(sample.key)"
          found.append(UnreadablePicture(index: index, place: place, fault: .image(error)))
        }
        index += 1
      }
    }
    return found
  }

  /// The number of samples in each shard, and the first sample of the first one.
  func fingerprint() throws(DatasetProblem) -> DataFingerprint {
    var hash = FNV1a()
    hash.add("\(name) \(shards.counts) \(imageShape) \(labelCount ?? 0) \(preparation)".utf8)
    var reader = SampleReader(try shards.open(0))
    if let sample = try reader.next() { hash.add(sample.picture) }
    return DataFingerprint(
      source: name, images: count, shape: "\(imageShape)", hash: hash.hexadecimal)
  }

  private func cropPlace(_ index: Int, _ epoch: Int) -> Fitting.Place? {
    guard fitting.fit == .randomCrop else { return nil }
    var random = CounterRandom(
      seed: seed, purpose: .crop, index: UInt64(truncatingIfNeeded: epoch << 32 | index))
    return Fitting.Place(down: random.uniform(), right: random.uniform())
  }

  private func note(_ picture: UnreadablePicture) throws(DatasetProblem) {
    let (found, seen) = faults.withLock { faults in
      if !faults.found.contains(where: { $0.place == picture.place }) {
        faults.found.append(picture)
      }
      return (faults.found, faults.seen)
    }
    // The first hundred decide nothing yet.
    guard found.count * 100 > max(seen, 100) else { return }
    throw .unreadablePictures(dataset: name, count: max(seen, 100), found: found)
  }

  // MARK: Windows

  /// The permuted samples of the window in which a position of an epoch lies.
  private func samples(around index: Int, epoch: Int) throws(DatasetProblem) -> [ShardSample] {
    let wanted = WindowNumber(epoch: epoch, window: index / window)
    let loading = windows.withLock { windows in
      var walk: [Loading]
      if let index = windows.firstIndex(where: { $0.contains { $0.number == wanted } }) {
        walk = windows.remove(at: index)
      } else {
        // The start, or a place that is not the next one.
        if windows.count == walks { windows.removeFirst() }
        walk = [Loading(wanted)]
        load(walk[0], after: nil)
      }
      if let last = walk.last, last.number == wanted {
        let next = Loading(number(after: wanted))
        load(next, after: last)
        walk = walk.suffix(2) + [next]
      }
      windows.append(walk)
      return walk.first { $0.number == wanted }
    }
    guard let loading else { preconditionFailure("a window without a place") }
    return try loading.wait()
  }

  private func number(after number: WindowNumber) -> WindowNumber {
    (number.window + 1) * window < count
      ? WindowNumber(epoch: number.epoch, window: number.window + 1)
      : WindowNumber(epoch: number.epoch + 1, window: 0)
  }

  /// Reads a window in the background, from where the one before it ended, if that is the same
  /// epoch.
  private func load(_ loading: Loading, after before: Loading?) {
    DispatchQueue.global().async { [weak self] in
      let position = before?.end(for: loading.number)
      guard let self else { return loading.cancel() }
      loading.finish(self.window(loading.number, from: position))
    }
  }

  private func window(
    _ number: WindowNumber, from position: StreamPosition?
  ) -> Result<Loading.Window, DatasetProblem> {
    do throws(DatasetProblem) {
      let order = EpochOrder(
        count: shards.addresses.count, seed: seed, epoch: number.epoch, purpose: .shards)
      let first = number.window * window
      let size = min(window, count - first)
      var place: StreamPosition
      if let position {
        place = position
      } else {
        place = try StreamPosition(of: first, in: shards, order)
      }
      var samples: [ShardSample] = []
      samples.reserveCapacity(size)
      while samples.count < size {
        samples.append(try place.next(in: shards, order))
        readCount.add(1, ordering: .relaxed)
      }
      let places = EpochOrder(
        count: size, seed: seed &+ UInt64(truncatingIfNeeded: number.epoch) << 32,
        epoch: number.window, purpose: .window)
      return .success(
        Loading.Window(samples: (0..<size).map { samples[places[$0]] }, end: place))
    } catch {
      return .failure(error)
    }
  }
}

private struct WindowNumber: Equatable, Sendable {
  let epoch: Int
  let window: Int
}

/// Where the reading of an epoch's shards has come to.
private struct StreamPosition {
  /// The place of the shard in the epoch's order.
  private var shard: Int
  private var taken: Int
  private var reader: SampleReader?

  /// Sample `index` of the epoch; of its shard, what lies before it is passed over.
  init(of index: Int, in shards: ShardList, _ order: EpochOrder) throws(DatasetProblem) {
    var rest = index
    shard = 0
    while rest >= shards.counts[order[shard]] {
      rest -= shards.counts[order[shard]]
      shard += 1
    }
    taken = rest
    guard rest > 0 else { return }
    var reader = SampleReader(try shards.open(order[shard]))
    for _ in 0..<rest { _ = try reader.skip() }
    self.reader = reader
  }

  mutating func next(
    in shards: ShardList, _ order: EpochOrder
  ) throws(DatasetProblem) -> ShardSample {
    if taken == shards.counts[order[shard]] { (shard, taken, reader) = (shard + 1, 0, nil) }
    let number = order[shard]
    var current: SampleReader
    if let reader { current = reader } else { current = SampleReader(try shards.open(number)) }
    guard let sample = try current.next() else {
      throw .brokenShards(
        pattern: shards.addresses[number],
        reason: "it has \(taken.counted("picture")), \(shards.counts[number]) were there before")
    }
    taken += 1
    reader = current
    return sample
  }
}

/// A window that is being read, or has been.
///
/// Rule behind `@unchecked Sendable`: `result` is set once, before `done` is entered for the last
/// time, and read after it only; the position in it is taken by the one window that follows.
private final class Loading: @unchecked Sendable {
  struct Window {
    let samples: [ShardSample]
    let end: StreamPosition
  }

  let number: WindowNumber
  private var result: Result<Window, DatasetProblem>?
  private let done = DispatchGroup()

  init(_ number: WindowNumber) {
    self.number = number
    done.enter()
  }

  func finish(_ result: Result<Window, DatasetProblem>) {
    self.result = result
    done.leave()
  }

  func cancel() { done.leave() }

  func wait() throws(DatasetProblem) -> [ShardSample] {
    done.wait()
    switch result {
    case .success(let window): return window.samples
    case .failure(let problem): throw problem
    case nil: return []
    }
  }

  /// Where the reading of window `next` begins: where this one ended, in the same epoch.
  func end(for next: WindowNumber) -> StreamPosition? {
    done.wait()
    guard next.epoch == number.epoch, case .success(let window) = result else { return nil }
    return window.end
  }
}
