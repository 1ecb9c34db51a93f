import Foundation
import Spec
import TestSupport
import Testing

@testable import Datasets

/// Streams of shards that the tests make: sample n is a plain picture of gray n, with label n % 3.
@Suite struct ShardTests {
  private let folder = try! TemporaryFolder()
  private let shape = ImageShape(height: 2, width: 2, channels: 1)

  private func tar(_ numbers: Range<Int>) -> [UInt8] {
    Containers.tar(
      numbers.flatMap { number in
        let name = "part/\(number + 1000)"
        let pixels = [UInt8](repeating: UInt8(number), count: 48)
        let picture = EncodedPictures.webp(pixels, height: 4, width: 4)
        return number % 2 == 0
          ? [(name + ".webp", picture), (name + ".cls", Array("\(number % 3)\n".utf8))]
          : [
            (name + ".json", Array("{\"label\": \(number % 3), \"x\": []}".utf8)),
            (name + ".webp", picture),
          ]
      })
  }

  /// Four shards of 25, one of them compressed.
  private func write() throws {
    for shard in 0..<4 {
      let bytes = tar(shard * 25..<shard * 25 + 25)
      try folder.write(shard == 2 ? Containers.gzip(bytes) : bytes, to: "s-00\(shard).tar")
    }
  }

  private func open(
    _ path: String, window: Int = 16, classes: Int? = 3, limit: Int? = nil, seed: UInt64 = 5,
    parts: Int = 1
  ) throws -> any Dataset {
    var reading = DataReading()
    (reading.path, reading.shuffle, reading.limit) = (path, window, limit)
    return try DataSource.shards.open(
      from: DatasetLocator(data: folder.path, environment: [:]), shape: shape, classes: classes,
      reading: reading, seed: seed, parts: parts)
  }

  /// Grays and labels of an epoch.
  private func epoch(
    _ number: Int, of dataset: any Dataset, from start: Int = 0
  ) throws -> [Int] {
    try (start..<dataset.count).map { index in
      var pixels = [UInt8](repeating: 0, count: shape.count)
      var span = pixels.mutableSpan
      try dataset.decode(index, epoch: number, into: &span)
      if let label = try dataset.label(at: index, epoch: number) {
        #expect(label == Int(pixels[0]) % 3)
      }
      return Int(pixels[0])
    }
  }

  private func sentence(_ path: String, classes: Int? = 3) -> String? {
    do {
      _ = try epoch(0, of: open(path, classes: classes))
      return nil
    } catch {
      return "\(error)".replacing(folder.path, with: "DIR")
    }
  }

  @Test func eachSampleComesOnceInAnEpoch() throws {
    try write()
    let stream = try open("s-{000..003}.tar")
    #expect(stream.count == 100)
    let (first, second) = (try epoch(0, of: stream), try epoch(1, of: stream))
    #expect(first.sorted() == Array(0..<100) && second.sorted() == Array(0..<100))
    #expect(first != second && first != Array(0..<100))
    // A window is mixed: its first samples are not those of one shard in their order.
    #expect(Array(first[..<16]) != first[..<16].sorted())
  }

  @Test func aResumedRunContinuesAtTheExactSample() throws {
    try write()
    let whole = try epoch(1, of: open("s-{000..003}.tar"))
    for start in [0, 1, 15, 16, 17, 60, 99] {
      #expect(try epoch(1, of: open("s-{000..003}.tar"), from: start) == Array(whole[start...]))
    }
    #expect(try epoch(1, of: open("s-{000..003}.tar", seed: 6)) != whole)
  }

  @Test func batchesDoNotDependOnThreads() throws {
    try write()
    var results: [[Float]] = []
    for threads in [1, 3] {
      let batches = try Batches(
        of: open("s-{000..003}.tar"), size: 10, shape: shape, range: 0...255, seed: 5,
        threads: threads)
      var all: [Float] = []
      for batch in 0..<batches.perEpoch {
        var images = [Float](repeating: 0, count: 10 * shape.count)
        var span = images.mutableSpan
        try batches.load(batch, in: batches.order(epoch: 0), into: &span)
        all += images
      }
      results.append(all)
    }
    #expect(results[0] == results[1])
  }

  /// Four parts of each batch, dealt to 1, 2 or 4 processes: every sample of the batches comes once,
  /// and each process reads little more than its share.
  @Test(arguments: [1, 2, 4]) func processesShareAStream(_ processes: Int) throws {
    try write()
    var seen: [Int] = []
    for process in 0..<processes {
      let dataset = try open("s-{000..003}.tar", parts: 4)
      let own = 8 / processes
      let batches = try Batches(
        of: dataset, size: 8, shape: shape, range: 0...255, seed: 5, parts: 4
      ).taking(process * own..<(process + 1) * own)
      for epoch in 0..<2 {
        let order = batches.order(epoch: epoch)
        for batch in 0..<batches.perEpoch {
          var images = [Float](repeating: 0, count: own * shape.count)
          var span = images.mutableSpan
          try batches.load(batch, in: order, into: &span)
          let grays = (0..<own).map { Int(images[$0 * shape.count]) }
          #expect(try batches.labels(batch, in: order) == grays.map { $0 % 3 })
          seen += grays.map { epoch * 100 + $0 }
        }
      }
      // At each place one window is read ahead.
      let share = try #require(dataset as? ShardStream).samplesRead
      #expect(share <= 2 * 100 / processes + 4 * 2 * 16)
    }
    // 12 batches of 8: each epoch leaves 4 samples out.
    #expect(seen.count == 2 * 96 && Set(seen).count == 2 * 96)
  }

  /// The number of processes changes nothing about a batch.
  @Test func partsOfABatchAreThoseOfTheWhole() throws {
    try write()
    func batch(_ number: Int, _ places: Range<Int>) throws -> [Float] {
      let batches = try Batches(
        of: open("s-{000..003}.tar", parts: 4), size: 8, shape: shape, range: 0...255, seed: 5,
        parts: 4
      ).taking(places)
      var images = [Float](repeating: 0, count: places.count * shape.count)
      var span = images.mutableSpan
      try batches.load(number, in: batches.order(epoch: 1), into: &span)
      return images
    }
    for number in [0, 5, 11] {
      #expect(
        try batch(number, 0..<8) == [0..<2, 2..<6, 6..<8].flatMap { try batch(number, $0) })
    }
  }

  @Test func damagedSamplesAreFoundAndPassedOver() throws {
    let good = EncodedPictures.webp([UInt8](repeating: 9, count: 48), height: 4, width: 4)
    try folder.write(
      Containers.tar(
        (0..<200).map { ("\($0).webp", $0 == 7 ? Array(good.prefix(20)) : good) }), to: "s.tar")
    let stream = try open("s.tar", classes: nil)
    #expect(try stream.check().map(\.place) == ["\(folder.path)/s.tar:7"])
    #expect(try epoch(0, of: stream) == [Int](repeating: 9, count: 200))
    #expect(stream.unreadable.map(\.place) == ["7"])
  }

  @Test func aFolderStandsForItsTarFiles() throws {
    try write()
    #expect(try open(".").count == 100)
    #expect(try open(".", limit: 30).count == 30)
  }

  @Test func theListOfCountsIsBelieved() throws {
    try write()
    try folder.write(
      "{\"s-000.tar\": 25, \"s-001.tar\": 25, \"s-002.tar\": 25, \"s-003.tar\": 26}",
      to: "shards.json")
    #expect(try open("s-{000..003}.tar").count == 101)
    #expect(
      sentence("s-{000..003}.tar") == "DIR/./s-003.tar: it has 25 pictures, 26 were there before"
        || sentence("s-{000..003}.tar") == "DIR/s-003.tar: it has 25 pictures, 26 were there before"
    )
    try folder.write(
      "{\"s-000.tar\": 9223372036854775807, \"s-001.tar\": 9223372036854775807, "
        + "\"s-002.tar\": 25, \"s-003.tar\": 25}", to: "shards.json")
    #expect(try open("s-{000..003}.tar").count == 100)
    try folder.write("not a list", to: "shards.json")
    #expect(try open("s-{000..003}.tar").count == 100)
  }

  @Test func whatIsWrongWithShardsIsNamed() throws {
    try write()
    #expect(
      sentence("s-{000..004}.tar")
        == "cannot open DIR/s-004.tar: it is missing among the shards")
    #expect(
      sentence("s-{a..b}.tar")
        == "s-{a..b}.tar: expected numbers in braces, such as {000000..000123}")
    try folder.write("<html>no</html>", to: "s-000.tar")
    #expect(
      sentence("s-000.tar")
        == "DIR/s-000.tar: damaged archive: Unrecognized archive format; it is an HTML page, "
        + "perhaps an error page in place of a download")
    try folder.write(Containers.tar([("a.txt", [1])]), to: "s-000.tar")
    #expect(sentence("s-000.tar") == "DIR/s-000.tar: it has no pictures")
    let picture = EncodedPictures.webp([UInt8](repeating: 1, count: 48), height: 4, width: 4)
    try folder.write(Containers.tar([("a.webp", picture)]), to: "s-000.tar")
    #expect(sentence("s-000.tar", classes: nil) == nil)
    #expect(
      sentence("s-000.tar")
        == "a: damaged archive: no label: expected a.cls, or \"label\" in .json")
    try folder.write(
      Containers.tar([("a.webp", picture), ("a.cls", Array("cat".utf8))]), to: "s-000.tar")
    #expect(
      sentence("s-000.tar")
        == "DIR/s-000.tar:a.cls: damaged archive: expected a label such as 3, found 'cat'")
  }

  @Test(arguments: [false, true])
  func aShardCutAnywhereIsRefused(isCompressed: Bool) throws {
    let whole = isCompressed ? Containers.gzip(tar(0..<3)) : tar(0..<3)
    let whatIsNeeded = isCompressed ? whole.count : whole.count - 512
    for length in 0..<whatIsNeeded {
      try folder.write(Array(whole[..<length]), to: "s.tar")
      #expect(sentence("s.tar") != nil, "cut to \(length) of \(whole.count)")
    }
  }

  // MARK: From web servers

  private func serve(_ behaviour: LoopbackServer.Behaviour) -> LoopbackServer {
    LoopbackServer(
      Dictionary(
        uniqueKeysWithValues: (0..<4).map { ("s-\($0).tar", tar($0 * 25..<$0 * 25 + 25)) }),
      behaviour)
  }

  @Test(arguments: [true, false])
  func aServerGivesTheSameSamples(sendsParts: Bool) throws {
    var behaviour = LoopbackServer.Behaviour()
    behaviour.sendsParts = sendsParts
    let server = serve(behaviour)
    defer { server.stop() }
    let stream = try open(server.address + "s-{0..3}.tar")
    #expect(stream.count == 100)
    #expect(try epoch(0, of: stream).sorted() == Array(0..<100))
  }

  @Test func aConnectionThatBreaksIsTakenUpWhereItBroke() throws {
    var behaviour = LoopbackServer.Behaviour()
    behaviour.breaksEvery = 3
    let server = serve(behaviour)
    let steady = serve(LoopbackServer.Behaviour())
    defer {
      server.stop()
      steady.stop()
    }
    let expected = try epoch(2, of: open(steady.address + "s-{0..3}.tar"))
    #expect(try epoch(2, of: open(server.address + "s-{0..3}.tar")) == expected)
  }

  @Test func aServerThatStopsSendingPartsIsReadAllTheSame() throws {
    let filler = [UInt8](repeating: 1, count: 9 << 20)
    let picture = EncodedPictures.webp([UInt8](repeating: 8, count: 48), height: 4, width: 4)
    let file = Containers.tar([("0.bin", filler), ("1.webp", picture), ("1.cls", [0x32])])
    var behaviour = LoopbackServer.Behaviour()
    // The list of counts, which is not there, and the first part.
    behaviour.partsUntil = 2
    let server = LoopbackServer(["s.tar": file], behaviour)
    defer { server.stop() }
    #expect(try epoch(0, of: open(server.address + "s.tar")) == [8])
  }

  @Test func whatAServerDoesNotHaveIsNamed() throws {
    let server = serve(LoopbackServer.Behaviour())
    defer { server.stop() }
    #expect(
      sentence(server.address + "t-{0..3}.tar")
        == "\(server.address)t-0.tar: the server answered 404")
    let other = LoopbackServer(["s.tar": Array("<!doctype html><p>Please log in".utf8)])
    defer { other.stop() }
    #expect(
      sentence(other.address + "s.tar")
        == "\(other.address)s.tar: damaged archive: Unrecognized archive format; it is an HTML "
        + "page, perhaps an error page in place of a download")
  }
}
