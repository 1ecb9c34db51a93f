import Dispatch
import Files
import Images
import Spec
import Synchronization

/// Encoded pictures as images of the spec's size.
///
/// A picture that cannot be read is left out: the next one with the same label takes its place.
/// More than 1 % of them are an error.
struct PictureDataset: Dataset {
  let name: String
  let count: Int
  let imageShape: ImageShape
  let labelCount: Int?
  let pictures: any PictureCollection
  private let fitting: Fitting
  private let seed: UInt64
  private let faults = Faults()

  init(
    _ pictures: any PictureCollection, shape: ImageShape, reading: DataReading, seed: UInt64
  ) {
    self.pictures = pictures
    name = pictures.name
    count = pictures.count
    labelCount = pictures.labelNames?.count
    imageShape = shape
    fitting = Fitting(
      height: shape.height, width: shape.width, channels: shape.channels, fit: reading.fit,
      alpha: reading.alpha, filter: reading.filter)
    self.seed = seed
  }

  var isCostly: Bool { true }
  var dependsOnEpoch: Bool { fitting.fit == .randomCrop }
  var preparation: String { dependsOnEpoch ? "random_crop" : "" }
  var labelNames: [String]? { pictures.labelNames }
  var notes: [String] { pictures.notes }
  var unreadable: [UnreadablePicture] { faults.all }

  func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem) {
    try decode(index, epoch: 0, into: &pixels)
  }

  func decode(
    _ index: Int, epoch: Int, into pixels: inout MutableSpan<UInt8>
  ) throws(DatasetProblem) {
    var candidate = index
    while true {
      if !faults.contains(candidate) {
        do throws(PictureFault) {
          let bytes = try image(candidate, epoch: epoch)
          for position in bytes.indices { pixels[position] = bytes[position] }
          return
        } catch {
          try note(
            UnreadablePicture(index: candidate, place: pictures.place(of: candidate), fault: error))
        }
      }
      candidate = try next(after: candidate, sameLabelAs: index)
    }
  }

  func place(of index: Int) -> String { pictures.place(of: index) }

  func label(at index: Int) -> Int? { pictures.label(at: index) }

  func check() -> [UnreadablePicture] {
    let found = Faults()
    let part = 64
    DispatchQueue.concurrentPerform(iterations: (count + part - 1) / part) { number in
      for index in (number * part)..<min((number + 1) * part, count) {
        do throws(PictureFault) { _ = try image(index, epoch: 0) } catch {
          _ = found.add(
            UnreadablePicture(index: index, place: pictures.place(of: index), fault: error))
        }
      }
    }
    return found.all
  }

  private func image(_ index: Int, epoch: Int) throws(PictureFault) -> [UInt8] {
    let bytes: [UInt8]
    do throws(DatasetProblem) { bytes = try pictures.bytes(at: index) } catch {
      throw .source(error)
    }
    do throws(ImageProblem) {
      let file = try PictureFile(bytes, path: pictures.place(of: index))
      return try fitting.bytes(of: file, at: place(index, epoch))
    } catch {
      throw .image(error)
    }
  }

  private func place(_ index: Int, _ epoch: Int) -> Fitting.Place? {
    guard dependsOnEpoch else { return nil }
    var random = CounterRandom(
      seed: seed, purpose: .crop, index: UInt64(truncatingIfNeeded: epoch << 32 | index))
    return Fitting.Place(down: random.uniform(), right: random.uniform())
  }

  /// Remembers a picture that cannot be read, unless there are too many of them.
  private func note(_ picture: UnreadablePicture) throws(DatasetProblem) {
    let known = faults.add(picture)
    guard known.count * 100 > count else { return }
    throw .unreadablePictures(dataset: name, count: count, found: known)
  }

  private func next(
    after index: Int, sameLabelAs original: Int
  ) throws(DatasetProblem) -> Int {
    let label = pictures.label(at: original)
    var next = (index + 1) % count
    while next != original {
      if pictures.label(at: next) == label { return next }
      next = (next + 1) % count
    }
    throw .unreadablePictures(dataset: name, count: count, found: faults.all)
  }
}

/// Why one picture of many cannot be used.
package enum PictureFault: Error, Equatable, Sendable, CustomStringConvertible {
  case source(DatasetProblem)
  case image(ImageProblem)

  package var description: String {
    switch self {
    case .source(let problem): problem.description
    case .image(let problem): problem.description
    }
  }
}

/// A picture that is left out.
package struct UnreadablePicture: Equatable, Sendable {
  package let index: Int
  package let place: String
  package let fault: PictureFault
}

extension [UnreadablePicture] {
  /// How many were left out and why the first was; nil where all could be read.
  package var summary: String? {
    guard let first else { return nil }
    return "\(counted) cannot be read, and others took \(count == 1 ? "its" : "their") place: "
      + first.fault.description + (count == 1 ? "" : "; `data check` lists all")
  }

  private var counted: String { count.counted("picture") }
}

/// The pictures that could not be read so far, for all threads.
private final class Faults: Sendable {
  private let known = Mutex<[Int: UnreadablePicture]>([:])

  func contains(_ index: Int) -> Bool { known.withLock { $0[index] != nil } }

  var all: [UnreadablePicture] {
    known.withLock { $0.values.sorted { $0.index < $1.index } }
  }

  /// Gives all that are known now.
  func add(_ picture: UnreadablePicture) -> [UnreadablePicture] {
    known.withLock {
      $0[picture.index] = picture
      return $0.values.sorted { $0.index < $1.index }
    }
  }
}
