import CPU
import Compiler
import Datasets
import Diagnostics
import Spec
import TestSupport
import Testing
import Training

@testable import Studies

@Suite struct NearDuplicatesTests {
  @Test func aHashHasABitForEachUnitThatFires() {
    var code = [Float](repeating: 0, count: 128)
    (code[0], code[5], code[64], code[127]) = (0.1, 3, 1e-9, 2)
    code[7] = -1
    let hash = CodeHash(code)
    #expect(hash == CodeHash(code.map { $0 * 2 }))
    #expect(hash.distance(to: CodeHash([])) == 4)
    #expect((0..<4).map { hash.band($0) } == [1 | 1 << 5, 0, 1, 1 << 31])
  }

  /// Against the comparison of all pairs.
  @Test func theIndexFindsAllThatAreNear() {
    var generator = TestGenerator(seed: 3)
    var hashes: [CodeHash] = []
    for _ in 0..<400 {
      let code = (0..<128).map { _ in generator.next() % 3 == 0 ? Float(1) : 0 }
      hashes.append(CodeHash(code))
      // A neighbour in up to six bits.
      var near = code
      for _ in 0..<(generator.next() % 7) {
        let place = Int(generator.next() % 128)
        near[place] = 1 - near[place]
      }
      hashes.append(CodeHash(near))
    }
    let index = HashIndex(hashes)
    for hash in hashes {
      var found: Set<Int> = []
      index.forEach(near: hash) { found.insert($0) }
      let expected = hashes.indices.filter { hashes[$0].distance(to: hash) <= 3 }
      #expect(found == Set(expected))
    }
  }

  @Test func pairsBecomeGroups() {
    let found = NearDuplicates(count: 9, pairs: [(7, 3), (1, 2), (3, 5), (2, 1), (8, 7)])
    #expect(found.groups == [[1, 2], [3, 5, 7, 8]])
    #expect(found.leftOut == [2, 5, 7, 8])
    #expect(found.text == "4 near-duplicates of 2 images among 9")
    #expect(NearDuplicates(count: 3, pairs: []).text == "no near-duplicates among 3 images")
  }

  /// Shifted, brightened and compressed copies of drawn faces are found, and hardly another pair.
  @Test func plantedCopiesAreFound() throws {
    let folder = try TemporaryFolder()
    let side = 64
    let faces = try Portraits(shape: ImageShape(height: side, width: side, channels: 3))
    for number in 0..<150 {
      let pixels = try faces.image(at: number)
      let name = "\(number + 100)"
      try write(pixels, quality: 95, to: "\(name).jpg")
      guard number % 10 == 0 else { continue }
      switch number / 10 % 3 {
      case 0: try write(pixels, quality: 50, to: "\(name)-copy.jpg")
      case 1:
        try write(
          pixels.map { UInt8(min(255, Int($0) * 10 / 9)) }, quality: 95, to: "\(name)-copy.jpg")
      default:
        // One pixel to the right; the first column is there twice.
        let shifted = (0..<side * side).flatMap { place -> ArraySlice<UInt8> in
          let from = place % side == 0 ? place : place - 1
          return pixels[from * 3..<from * 3 + 3]
        }
        try write(shifted, quality: 95, to: "\(name)-copy.jpg")
      }
    }
    func write(_ pixels: [UInt8], quality: Int, to name: String) throws {
      try folder.write(
        EncodedPictures.jpeg(pixels, height: side, width: side, quality: quality), to: name)
    }
    let dataset = try DataSource.folder.open(
      from: DatasetLocator(data: folder.path, environment: [:]), shape: faces.imageShape,
      classes: nil)

    let file = try #require(ShippedSpecs.file(named: "dedup-autoencoder"))
    let compilation = Compilation(
      file,
      settings: CommandLineSettings([
        .named("--batch", path: "train.batch", value: "40"),
        .named("--epochs", path: "train.epochs", value: "60"),
      ]))
    let spec = try #require(compilation.spec)
    var options = TrainingRun.Options(folder: folder.path("run"), device: CPUDevice(threads: 2))
    options.dataset = NearDuplicates.trainingData(of: dataset)
    _ = try TrainingRun(spec: spec, graph: #require(compilation.graph), options: options).run(
      shouldStop: { false }, report: { _ in })
    let found = try NearDuplicates(
      in: dataset, by: SamplingRun.checkpoint(at: folder.path("run")), device: options.device)

    let pairs = found.groups.map { $0.map { dataset.place(of: $0) } }
    let planted = (0..<15).map { number in
      let name = "\(number * 10 + 100)"
      return ["\(name)-copy.jpg", "\(name).jpg"]
    }
    #expect(pairs.filter { planted.contains($0) }.count >= 13, "\(pairs)")
    #expect(pairs.filter { !planted.contains($0) }.count <= 3, "\(pairs)")
    #expect(
      found.skipList(of: dataset).contains("\t like ") == false
        && found.skipList(of: dataset).contains("\tlike "))
    #expect(try found.sheet(of: dataset).starts(with: [0x89] + Array("PNG".utf8)))
  }
}
