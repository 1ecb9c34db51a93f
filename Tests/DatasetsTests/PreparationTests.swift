import Spec
import Testing

@testable import Datasets

@Suite struct PreparationTests {
  private let shape = ImageShape(height: 8, width: 8, channels: 1)

  private func open(_ change: (inout DataReading) -> Void) throws -> any Dataset {
    var reading = DataReading()
    change(&reading)
    return try DataSource.digits.open(
      from: DatasetLocator(data: nil, environment: [:]), shape: shape, reading: reading)
  }

  @Test func aLimitChoosesTheSameImagesEachTime() throws {
    let some = try open { $0.limit = 100 }
    #expect(some.count == 100)
    let again = try open { $0.limit = 100 }
    for index in [0, 50, 99] {
      #expect(try some.image(at: index) == again.image(at: index))
      #expect(try some.label(at: index) == again.label(at: index))
    }
  }

  @Test func halfOfTheImagesAreMirroredInEachEpoch() throws {
    let plain = try open { $0.flip = false }
    let flipped = try open { $0.flip = true }
    #expect(flipped.preparation == " flip")
    var mirrored: [[Int]] = []
    for epoch in 0..<2 {
      mirrored.append([])
      for index in 0..<200 {
        let image = try plain.image(at: index)
        var pixels = [UInt8](repeating: 0, count: shape.count)
        var span = pixels.mutableSpan
        try flipped.decode(index, epoch: epoch, into: &span)
        let mirror: [UInt8] = (0..<8).flatMap { row in image[row * 8..<row * 8 + 8].reversed() }
        #expect(pixels == image || pixels == mirror)
        if pixels != image { mirrored[epoch].append(index) }
      }
      #expect((80...120).contains(mirrored[epoch].count))
    }
    #expect(mirrored[0] != mirrored[1])
    #expect(try flipped.fingerprint() != plain.fingerprint())
  }

  @Test func whatIsHeldOutIsNotTrainedOn() throws {
    var reading = DataReading()
    reading.holdout = 25
    let base = Digits(count: 400, shape: shape)
    let training = try reading.prepared(base, .train, isSplit: false, seed: 0)
    let rest = try reading.prepared(base, .test, isSplit: false, seed: 0)
    #expect((training.count, rest.count) == (300, 100))
    let seen = try Set((0..<300).map { try training.image(at: $0) })
    let unseen = try Set((0..<100).map { try rest.image(at: $0) })
    #expect(seen.isDisjoint(with: unseen))
  }

  @Test func imagesAreKeptOnceTheyAreDecoded() throws {
    let slow = Counting(count: 20)
    var reading = DataReading()
    let kept = try reading.prepared(slow, .train, isSplit: true, seed: 0)
    for _ in 0..<3 { #expect(try kept.image(at: 7) == [7, 7]) }
    #expect(slow.decoded.value == 1)
    reading.cache = .off
    let plain = try reading.prepared(slow, .train, isSplit: true, seed: 0)
    for _ in 0..<3 { _ = try plain.image(at: 7) }
    #expect(slow.decoded.value == 4)
  }

  /// The bytes of a batch do not depend on the number of threads.
  @Test func threadsChangeNothing() throws {
    let faces = try Portraits(shape: ImageShape(height: 16, width: 16, channels: 3))
    var results: [[Float]] = []
    for threads in [1, 2, 7] {
      let batches = try Batches(
        of: faces, size: 20, shape: faces.imageShape, range: -1...1, seed: 4, threads: threads)
      var images = [Float](repeating: 0, count: 20 * faces.imageShape.count)
      var span = images.mutableSpan
      try batches.load(3, in: batches.order(epoch: 1), into: &span)
      results.append(images)
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}

/// Images that count how often they are decoded.
private struct Counting: Dataset {
  final class Number: @unchecked Sendable { var value = 0 }

  let name = "counting"
  let count: Int
  let imageShape = ImageShape(height: 1, width: 2, channels: 1)
  let labelCount: Int? = nil
  let decoded = Number()
  let isCostly = true

  func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) {
    decoded.value += 1
    pixels[0] = UInt8(index)
    pixels[1] = UInt8(index)
  }

  func label(at index: Int) -> Int? { nil }
}
