import Foundation
import TestSupport
import Testing

/// What `dcgan-run SPEC data` says, and training from data of every source, made by the tests.
@Suite struct DataTests {
  private let run = Command(name: "dcgan-run")
  private let compile = Command(name: "dcgan-compile")
  private let folder = try! TemporaryFolder()

  /// A small spec; both networks take a fraction of a second for a step.
  private func spec(_ data: String, size: Int = 8, channels: Int = 3) throws {
    try folder.write(
      """
      dcgan: 1
      name: small
      image: {size: \(size), channels: \(channels), range: [-1, 1]}
      latent: {size: 4}
      generator:
        layers:
          - project: {to: [4, \(size / 2), \(size / 2)], norm: batch, activation: relu}
          - conv_transpose: {filters: \(channels), kernel: 4, stride: 2, padding: same, activation: tanh}
      discriminator:
        layers:
          - conv: {filters: 4, kernel: 4, stride: 2, padding: same, activation: {leaky_relu: 0.2}}
          - linear: {units: 1, activation: sigmoid}
      data: \(data)
      train: {batch: 4, epochs: 1}
      """, to: "small.yaml")
  }

  private func picture(_ number: Int) -> [UInt8] {
    EncodedPictures.jpeg(
      [UInt8](repeating: UInt8(number * 20), count: 12 * 10 * 3), height: 12, width: 10)
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    let parent = folder.url.appendingPathComponent(name).deletingLastPathComponent()
    try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
    try folder.write(bytes, to: name)
  }

  private func writePhotos() throws {
    for number in 0..<12 { try write(picture(number), to: "photos/\(number).jpg") }
  }

  private static let sources = [
    "folder", "lsun", "imagenet", "shards", "cifar10", "cifar100", "svhn", "mnist",
    "fashion-mnist", "digits", "portraits",
  ]

  /// Makes the data of a source; gives the spec's `data`, and the images' size and channels.
  private func make(_ source: String) throws -> (data: String, size: Int, channels: Int) {
    let record = [UInt8](repeating: 7, count: 3072)
    switch source {
    case "folder":
      try writePhotos()
      return ("{source: folder, path: photos}", 8, 3)
    case "imagenet":
      for number in 0..<8 {
        try write(picture(number), to: "in/train/n\(number % 2)/\(number).jpg")
      }
      return ("{source: imagenet, path: in, filter: box, fit: random_crop, flip: true}", 8, 3)
    case "lsun":
      try FileManager.default.createDirectory(
        atPath: folder.path("db"), withIntermediateDirectories: true)
      Containers.lmdb((0..<8).map { ("\($0)", picture($0)) }, in: folder.path("db"))
      return ("{source: lsun, path: db, fit: pad}", 8, 3)
    case "shards":
      for shard in 0..<2 {
        try write(
          Containers.tar((0..<4).map { ("\(shard)-\($0).jpg", picture($0)) }),
          to: "s-\(shard).tar")
      }
      return ("{source: shards, path: 's-{0..1}.tar', shuffle: 4}", 8, 3)
    case "cifar10":
      try write((0..<5).flatMap { [UInt8($0)] + record }, to: "cifar10/data_batch_1.bin")
      return ("{source: cifar10}", 32, 3)
    case "cifar100":
      try write((0..<5).flatMap { [1, UInt8($0)] + record }, to: "cifar100/train.bin")
      return ("{source: cifar100}", 32, 3)
    case "svhn":
      try FileManager.default.createDirectory(
        atPath: folder.path("svhn"), withIntermediateDirectories: true)
      Containers.matlab(
        [
          ("X", [32, 32, 3, 4], (0..<4).flatMap { _ in record }),
          ("y", [4, 1], [1, 2, 3, 10]),
        ], isCompressed: true, at: folder.path("svhn/train_32x32.mat"))
      return ("{source: svhn}", 32, 3)
    case "mnist", "fashion-mnist":
      let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 28, 0, 0, 0, 28]
      try write(
        header + [UInt8](repeating: 9, count: 4 * 784), to: "\(source)/train-images-idx3-ubyte")
      return ("{source: \(source)}", 28, 1)
    default: return ("{source: \(source)}", 8, 3)
    }
  }

  @Test(arguments: sources)
  func everySourceTrains(_ source: String) throws {
    let (data, size, channels) = try make(source)
    try spec(data, size: size, channels: channels)
    let needsFiles = source != "digits" && source != "portraits"
    let outcome = try run.run(
      ["small.yaml", "train", "--limit", "4"], in: folder.url,
      environment: needsFiles ? ["DCGAN_DATA": folder.path] : [:])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("training on \(source): 4 images an epoch in 1 batch"))
    #expect(
      FileManager.default.fileExists(atPath: folder.path("runs/small/samples/epoch-1.png")))
  }

  @Test func whatIsThereIsShown() throws {
    try writePhotos()
    try write(Array("x".utf8), to: "photos/notes.txt")
    try spec("{source: folder, path: photos}")
    let shown = try run.run(["small.yaml", "data"], in: folder.url)
    #expect(
      shown.output == """
        source    folder, 12 images
        pictures  12 JPEG; all 12 × 10
        as        3 × 8 × 8 (channels × height × width)
        pixels    red 110 ± 69, green 110 ± 69, blue 110 ± 69 of 255
        sheet     small-data.png

        """)
    #expect(
      shown.errors
        == "warning: ./photos: 1 file that is no picture is left out: notes.txt\n")
    #expect(FileManager.default.fileExists(atPath: folder.path("small-data.png")))
  }

  @Test func damagedPicturesAreListedAndLeftOut() throws {
    try writePhotos()
    try write(Array(picture(3)[..<200]), to: "photos/3.jpg")
    try spec("{source: folder, path: photos}")
    let check = try run.run(["small.yaml", "data", "check"], in: folder.url)
    #expect(
      check.output.hasPrefix(
        "11 of 12 images can be read\n  3.jpg: damaged JPEG: "), "\(check.output)")
    #expect(
      check.output.hasSuffix(
        "wrote small-skip.txt; to leave these out, write `data: {skip: small-skip.txt}`\n"))
    let stopped = try run.run(["small.yaml", "train"], in: folder.url)
    #expect(stopped.status == 1 && stopped.errors.contains("more than 1 in 100"))
    // As it was printed, from the folder where it was printed, whatever the spec's folder is.
    let shown = try run.run(
      [
        "faces64", "data", "--data", "photos", "--set", "data.skip=small-skip.txt", "--out",
        "x.png",
      ], in: folder.url)
    #expect(shown.output.hasPrefix("source    folder, 11 images\n"), "\(shown.errors)")
    try spec("{source: folder, path: photos, skip: small-skip.txt}")
    let trained = try run.run(["small.yaml", "train"], in: folder.url)
    #expect(trained.status == 0)
    #expect(trained.errors.contains("warning: 1 picture left out by small-skip.txt\n"))
  }

  @Test func packedShardsGiveTheSameImages() throws {
    try writePhotos()
    try spec("{source: folder, path: photos}")
    let packed = try run.run(["small.yaml", "data", "pack", "--out", "packed"], in: folder.url)
    #expect(
      packed.output
        == "wrote 12 images into packed: 000000.tar; train with `data: {source: shards, path: "
        + "packed}`\n")
    #expect(
      try String(contentsOfFile: folder.path("packed/shards.json"), encoding: .utf8)
        == "{\n  \"000000.tar\": 12\n}\n")
    let again = try run.run(["small.yaml", "data", "pack", "--out", "packed"], in: folder.url)
    #expect(
      again.errors
        == "error: cannot write packed: the folder is not empty: it has 000000.tar\n")
    let before = try run.run(["small.yaml", "data"], in: folder.url).output
    try spec("{source: shards, path: packed}")
    let after = try run.run(["small.yaml", "data"], in: folder.url).output
    let pixels = before.split(separator: "\n").filter { $0.hasPrefix("pixels") }
    #expect(
      !pixels.isEmpty && after.split(separator: "\n").filter { $0.hasPrefix("pixels") } == pixels)
  }

  @Test func ownPicturesNeedTwoCommands() throws {
    try writePhotos()
    let written = try compile.run(
      ["new", "--data", "photos", "--size", "16", "--width", "2", "--out", "photos.yaml"],
      in: folder.url)
    #expect(
      written.output
        == "photos.yaml: 3 × 16 × 16; `dcgan-run photos.yaml train` trains on them\n")
    #expect(
      written.errors == """
        note: photos: 12 pictures; 12 JPEG; all 12 × 10
        note: a network learns fewer than 500 pictures by heart rather than what they share

        """)
    let trained = try run.run(["photos.yaml", "train", "--epochs", "1"], in: folder.url)
    #expect(trained.status == 0, "\(trained.errors)")
    #expect(trained.errors.contains("training on folder: 12 images an epoch in 3 batches"))
  }

  /// The trait is off in tests; with it, the arguments are missing.
  @Test func facesNeedATrait() throws {
    let outcome = try run.run(["faces64", "data", "faces"], in: folder.url)
    #expect(outcome.status != 0)
    #expect(
      outcome.errors.contains("--traits Faces") || outcome.errors.contains("--from PHOTOGRAPHS"))
  }

  /// Random crops, mirrored pictures and windows of a stream follow from the seed alone.
  @Test(arguments: [
    "{source: folder, path: photos, fit: random_crop, flip: true}",
    "{source: shards, path: packed, shuffle: 5}",
  ])
  func resumedRunsAndOtherThreadsGiveTheSameBytes(data: String) throws {
    try writePhotos()
    try spec("{source: folder, path: photos}")
    _ = try run.run(["small.yaml", "data", "pack", "--out", "packed"], in: folder.url)
    try spec(data)
    func train(_ out: String, epochs: Int, threads: Int) throws {
      let trained = try run.run(
        [
          "small.yaml", "train", "--epochs", "\(epochs)", "--threads", "\(threads)", "--out", out,
        ], in: folder.url)
      #expect(trained.status == 0, "\(trained.errors)")
    }
    try train("whole", epochs: 3, threads: 1)
    try train("other", epochs: 3, threads: 3)
    try train("parts", epochs: 1, threads: 2)
    try train("parts", epochs: 2, threads: 1)
    try train("parts", epochs: 3, threads: 2)
    let last = "checkpoints/step-9.safetensors"
    let whole = try folder.bytes(of: "whole/\(last)")
    #expect(try folder.bytes(of: "other/\(last)") == whole)
    #expect(try folder.bytes(of: "parts/\(last)") == whole)
  }

  @Test func weightsOfAnotherRunAreTakenWhereTheyFit() throws {
    try spec("{source: digits}")
    let first = try run.run(["small.yaml", "train", "--limit", "8"], in: folder.url)
    #expect(first.status == 0)
    // Another number of feature maps in one layer.
    let text = try String(contentsOfFile: folder.path("small.yaml"), encoding: .utf8)
    try folder.write(
      text.replacing("conv: {filters: 4", with: "conv: {filters: 5"), to: "other.yaml")
    let taken = try run.run(
      ["other.yaml", "train", "--limit", "8", "--out", "other", "--init-from", "runs/small"],
      in: folder.url)
    #expect(taken.status == 0)
    let note = taken.errors.split(separator: "\n").first { $0.hasPrefix("note: took ") }
    #expect(
      note.map(String.init)
        == "note: took 8 tensors of runs/small/checkpoints/step-2.safetensors; left as they start: "
        + "discriminator.conv1.weight is 4 × 3 × 4 × 4 there, 5 × 3 × 4 × 4 here, "
        + "discriminator.conv1.bias is 4 there, 5 here, "
        + "discriminator.linear1.weight is 1 × 64 there, 1 × 80 here")
    let again = try run.run(
      [
        "other.yaml", "train", "--limit", "8", "--epochs", "2", "--out", "other", "--init-from",
        "runs/small",
      ], in: folder.url)
    #expect(
      again.errors.contains(
        "error: other: this run has begun, with weights of its own, and cannot begin with those of "
          + "runs/small; choose another folder with --out"))
  }

  @Test func eventFilesAreWrittenWhereAskedFor() throws {
    try spec("{source: digits}")
    let trained = try run.run(
      ["small.yaml", "train", "--limit", "8", "--tensorboard"], in: folder.url)
    #expect(trained.status == 0)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: folder.path("runs/small/tensorboard"))
    #expect(names.count == 1 && names[0].hasPrefix("events.out.tfevents."))
    let events = Data(try folder.bytes(of: "runs/small/tensorboard/\(names[0])"))
    for part in ["brain.Event:2", "loss/discriminator", "D/generated", "samples"] {
      #expect(events.range(of: Data(part.utf8)) != nil, "\(part)")
    }
  }

  @Test func aSecondRunOnOtherPicturesIsRefused() throws {
    try writePhotos()
    try spec("{source: folder, path: photos}")
    #expect(try run.run(["small.yaml", "train"], in: folder.url).status == 0)
    try write(picture(5), to: "photos/new.jpg")
    let refused = try run.run(["small.yaml", "train", "--epochs", "2"], in: folder.url)
    #expect(refused.status == 1 && refused.errors.contains("folder (13 images"))
  }
}
