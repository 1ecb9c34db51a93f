import Datasets
import Foundation
import Synchronization
import Testing

@Suite struct BatchPrefetchTests {
  /// Nine images of one byte, their index; one of them may be damaged.
  ///
  /// Counts how many have been decoded.
  final class Counting: Dataset {
    let name = "counting"
    let count = 9
    let imageShape = ImageShape(height: 1, width: 1, channels: 1)
    let labelCount: Int? = 9
    let damaged: Int?
    let decoded = Atomic(0)

    init(damaged: Int? = nil) { self.damaged = damaged }

    func decode(_ index: Int, into pixels: inout MutableSpan<UInt8>) throws(DatasetProblem) {
      decoded.add(1, ordering: .relaxed)
      if index == damaged { throw .truncated(path: "image \(index)", expected: 1, found: 0) }
      pixels[0] = UInt8(index)
    }
    func label(at index: Int) -> Int? { index }
  }

  private func batches(of dataset: Counting) throws -> Batches {
    try Batches(of: dataset, size: 2, shape: dataset.imageShape, range: 0...255, seed: 3)
  }

  /// Two epochs of four batches; every third visit is without images.
  private let visits: @Sendable (Int) -> BatchPrefetch.Visit? = { step in
    step < 8
      ? BatchPrefetch.Visit(epoch: step / 4, batch: step % 4, withImages: step % 3 != 2) : nil
  }

  @Test func theBatchesAreThoseOfLoadingInTurn() throws {
    let batches = try batches(of: Counting())
    let prefetch = BatchPrefetch(batches, visits: visits)
    for step in 0..<8 {
      let order = batches.order(epoch: step / 4)
      let expected = (0..<2).map { order[2 * (step % 4) + $0] }
      try prefetch.next { images, labels throws(DatasetProblem) in
        #expect(images == (step % 3 == 2 ? [] : expected.map(Float.init)))
        #expect(labels == expected)
      }
    }
  }

  @Test(.timeLimit(.minutes(1))) func oneBatchIsLoadedAheadAndNoMore() throws {
    let dataset = Counting()
    let prefetch = BatchPrefetch(try batches(of: dataset), visits: visits)
    func wait(for images: Int) {
      while dataset.decoded.load(ordering: .relaxed) < images { usleep(1000) }
      usleep(20_000)  // time for too many
      #expect(dataset.decoded.load(ordering: .relaxed) == images)
    }
    wait(for: 2)
    try prefetch.next { _, _ throws(DatasetProblem) in wait(for: 2) }
    wait(for: 4)
  }

  @Test func aDamagedImageFailsTheStepThatNeedsIt() throws {
    let order = try batches(of: Counting()).order(epoch: 0)
    let damaged = order[3]  // in the second batch
    let prefetch = BatchPrefetch(try batches(of: Counting(damaged: damaged)), visits: visits)
    func message() -> String {
      do throws(DatasetProblem) {
        return try prefetch.next { images, _ throws(DatasetProblem) in "\(images.count) images" }
      } catch {
        return error.description
      }
    }
    #expect(message() == "2 images")
    let failure = "image \(damaged): truncated: the data end after 0 of 1 bytes"
    #expect(message() == failure)
    #expect(message() == failure)
  }

  @Test(.timeLimit(.minutes(1)), arguments: [0, 1, 3, 8])
  func itEndsAtAnyStep(steps: Int) throws {
    let dataset = Counting()
    do {
      let prefetch = BatchPrefetch(try batches(of: dataset), visits: visits)
      for _ in 0..<steps { try prefetch.next { _, _ throws(DatasetProblem) in } }
    }
    let decoded = dataset.decoded.load(ordering: .relaxed)
    usleep(20_000)
    #expect(dataset.decoded.load(ordering: .relaxed) == decoded)
  }
}
