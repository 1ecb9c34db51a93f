import Datasets
import Testing

@Suite struct BatchesTests {
  /// Ten images of 1 × 2 whose bytes are the index; labels are the index mod 3.
  struct Counting: Dataset {
    let name = "counting"
    let count = 10
    let imageShape = ImageShape(height: 1, width: 2, channels: 1)
    let labelCount: Int? = 3
    func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) {
      pixels[0] = UInt8(index)
      pixels[1] = 255
    }
    func label(at index: Int) -> Int? { index % 3 }
  }

  private func batches(size: Int, limit: Int? = nil) throws(DatasetProblem) -> Batches {
    try Batches(
      of: Counting(), size: size, shape: ImageShape(height: 1, width: 2, channels: 1),
      range: 0...255, seed: 7, limit: limit)
  }

  @Test(arguments: [0, 1, 2, 10, 1000])
  func anOrderVisitsEveryImageOnce(count: Int) {
    let order = EpochOrder(count: count, seed: 1, epoch: 0)
    #expect((0..<count).map { order[$0] }.sorted() == Array(0..<count))
  }

  @Test func anOrderFollowsFromSeedAndEpoch() {
    func order(_ seed: UInt64, _ epoch: Int) -> [Int] {
      let order = EpochOrder(count: 100, seed: seed, epoch: epoch)
      return (0..<100).map { order[$0] }
    }
    #expect(order(1, 0) == order(1, 0))
    #expect(order(1, 0) != order(1, 1))
    #expect(order(1, 0) != order(2, 0))
  }

  /// Each of the 6 orders of three images is expected 1000 times in 6000 epochs; ±150 is more
  /// than five standard deviations.
  @Test func allOrdersAreEquallyLikely() {
    var counts: [[Int]: Int] = [:]
    for epoch in 0..<6000 {
      let order = EpochOrder(count: 3, seed: 5, epoch: epoch)
      counts[[order[0], order[1], order[2]], default: 0] += 1
    }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { (850...1150).contains($0) })
  }

  @Test func batchesFollowTheOrderAndDropTheRest() throws {
    let batches = try batches(size: 4)
    #expect(batches.perEpoch == 2)
    let order = batches.order(epoch: 0)
    for batch in 0..<2 {
      var images = [Float](repeating: -1, count: 8)
      var span = images.mutableSpan
      try batches.load(batch, in: order, into: &span)
      for item in 0..<4 {
        #expect(images[2 * item] == Float(order[4 * batch + item]))
        #expect(images[2 * item + 1] == 255)
      }
      let expected = (0..<4).map { order[4 * batch + $0] % 3 }
      #expect(try batches.labels(batch, in: order) == expected)
    }
  }

  @Test func aLimitShortensTheEpoch() throws {
    #expect(try batches(size: 2, limit: 5).perEpoch == 2)
    #expect(try batches(size: 2, limit: 1000).perEpoch == 5)
  }

  @Test(arguments: [-1...1, 0...1, -0.3...0.7] as [ClosedRange<Float>])
  func bytesFillTheRangeExactly(range: ClosedRange<Float>) {
    let values = Batches.values(in: range)
    #expect(values.count == 256)
    #expect(values[0] == range.lowerBound)
    #expect(values[255] == range.upperBound)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func whatDoesNotFitIsReported() {
    #expect(
      sentence { () throws(DatasetProblem) in
        _ = try Batches(
          of: Counting(), size: 2, shape: ImageShape(height: 64, width: 64, channels: 3),
          range: -1...1, seed: 0)
      }
        == "the images of counting are 1 × 1 × 2, the spec asks for 3 × 64 × 64: change `image`, or "
        + "write `data: {source: digits}`, which are drawn in any size")
    #expect(
      sentence { () throws(DatasetProblem) in
        _ = try batches(size: 11)
      } == "counting has 10 images, fewer than one batch of 11: write --batch 10")
    #expect(
      sentence { () throws(DatasetProblem) in
        _ = try batches(size: 4, limit: 3)
      } == "--limit 3 leaves 3 images of counting, fewer than one batch of 4: write a larger "
        + "--limit, or --batch 3")
  }

  private func sentence(_ body: () throws(DatasetProblem) -> Void) -> String {
    do throws(DatasetProblem) { try body() } catch { return error.description }
    return "no problem"
  }

  /// Processes that share a batch load each image once, and what one process loads.
  @Test func processesShareABatch() throws {
    let whole = try batches(size: 5)
    for epoch in 0..<3 {
      let order = whole.order(epoch: epoch)
      for batch in 0..<whole.perEpoch {
        var all = [Float](repeating: 0, count: 10)
        var span = all.mutableSpan
        try whole.load(batch, in: order, into: &span)
        var shared: [Float] = []
        var labels: [Int] = []
        for places in [0..<1, 1..<1, 1..<3, 3..<5] {
          let part = whole.taking(places)
          var images = [Float](repeating: 0, count: 2 * places.count)
          var span = images.mutableSpan
          try part.load(batch, in: order, into: &span)
          shared += images
          labels += try #require(try part.labels(batch, in: order))
        }
        #expect(shared == all)
        #expect(labels == (try whole.labels(batch, in: order)))
      }
    }
  }
}
