import Foundation
import Testing
import TestSupport

/// What `dcgan-run train` says of data that are not what the spec or the call expects.
@Suite struct DataTests {
  private let folder = try! TemporaryFolder()
  private let run = Command(name: "dcgan-run")

  private func train(
    _ spec: String, _ arguments: [String], environment: [String: String] = [:]
  ) throws -> Command.Outcome {
    try folder.write(spec, to: "tiny.yaml")
    return try run.run(
      ["tiny.yaml", "train", "--epochs", "1"] + arguments, in: folder.url,
      environment: environment)
  }

  private var onMNIST: String {
    tinySpec.replacingOccurrences(of: "source: digits", with: "source: mnist, fallback: digits")
  }

  private func conditional(_ classes: Int) -> String {
    tinySpec + "\ncondition: {classes: \(classes), join: everywhere}\n"
  }

  @Test func fewerClassesThanLabelsAreRefusedWithBothNumbers() throws {
    try writeIDX(count: 40, to: "sets/mnist")
    let spec = conditional(5).replacingOccurrences(of: "source: digits", with: "source: mnist")
    let outcome = try train(spec, ["--data", "sets"])
    #expect(
      outcome.errors == "error: mnist has labels from 0 to 9, and the spec has 5 classes: write "
        + "`condition: {classes: 10}`\n")
    #expect(outcome.status == 1)
  }

  @Test func classesThatNeverOccurAreSaid() throws {
    let outcome = try train(conditional(100), ["--limit", "32"])
    #expect(
      outcome.errors.contains(
        "warning: digits: 90 labels, the first of them 10, never occur in the data; the spec has "
          + "100 classes"), "\(outcome.errors)")
    #expect(outcome.status == 0)
  }

  @Test func aNamedFolderIsNeverReplaced() throws {
    let missing = try train(onMNIST, ["--data", "nowhere"])
    #expect(missing.errors == "error: mnist: there is no folder nowhere, which --data names\n")
    #expect(missing.status == 1)
    let variable = try train(onMNIST, [], environment: ["DCGAN_DATA": "gone"])
    #expect(variable.errors == "error: mnist: there is no folder gone, which $DCGAN_DATA names\n")
    let useless = try train(tinySpec, ["--data", "nowhere"])
    #expect(
      useless.errors == "error: digits: the program draws these images, and reads nothing of "
        + "nowhere, which --data names: remove --data, or name another source with "
        + "--set data.source=…\n")
  }

  @Test func aPartOfTheFilesIsNoReasonForAFallback() throws {
    try writeIDX(count: 40, to: "data/mnist")
    try FileManager.default.removeItem(
      atPath: folder.path("data/mnist/train-images-idx3-ubyte"))
    let outcome = try train(onMNIST, [])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("data/mnist has no train-images-idx3-ubyte"), "\(outcome.errors)")
  }

  @Test func countsAgreeWithTheirNouns() throws {
    let outcome = try train(tinySpec, ["--limit", "13"])
    #expect(
      outcome.errors.contains("training on digits: 8 images an epoch in 1 batch, 5 left out;"),
      "\(outcome.errors)")
    let few = try train(tinySpec, ["--limit", "3", "--out", "few"])
    #expect(
      few.errors
        == "error: --limit 3 leaves 3 images of digits, fewer than one batch of 8: write a "
        + "larger --limit, or --batch 3\n")
  }

  @Test func aFileInTheWayOfARunIsNamed() throws {
    let outcome = try train(tinySpec, ["--out", "tiny.yaml"])
    #expect(
      outcome.errors
        == "error: tiny.yaml: cannot create this folder: a file of this name is in the way\n")
  }

  private func writeIDX(count: Int, to place: String) throws {
    let size = UInt8(count)
    let images: [UInt8] =
      [0, 0, 8, 3, 0, 0, 0, size, 0, 0, 0, 28, 0, 0, 0, 28]
      + (0..<count * 784).map { UInt8(truncatingIfNeeded: $0) }
    try FileManager.default.createDirectory(
      atPath: folder.path(place), withIntermediateDirectories: true)
    try folder.write(images, to: "\(place)/train-images-idx3-ubyte")
    try folder.write(
      [0, 0, 8, 1, 0, 0, 0, size] + (0..<count).map { UInt8($0 % 10) },
      to: "\(place)/train-labels-idx1-ubyte")
  }
}
