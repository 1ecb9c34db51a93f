import Foundation
import Testing
import TestSupport

/// Where `dcgan-run sample` looks for a checkpoint, and what it writes.
@Suite struct SampleTests {
  private let folder = try! TemporaryFolder()
  private let run = Command(name: "dcgan-run")

  private func trained(_ arguments: [String] = []) throws -> Command.Outcome {
    try folder.write(tinySpec, to: "tiny.yaml")
    let outcome = try run.run(
      ["tiny.yaml", "train", "--limit", "32", "--epochs", "1"] + arguments, in: folder.url)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome
  }

  private func sample(_ arguments: [String]) throws -> Command.Outcome {
    try run.run(["sample"] + arguments, in: folder.url)
  }

  /// The command that a training prints works as it is.
  @Test func theClosingHintWorksWhenItIsCopied() throws {
    let errors = try trained(["--out", "my run"]).errors
    let hint = try #require(
      errors.split(separator: "\n").first { $0.hasPrefix("images from it: ") })
    #expect(hint == "images from it: dcgan-run tiny.yaml sample --run 'my run' --out grid.png")
    let outcome = try run.run(
      ["tiny.yaml", "sample", "--run", "my run", "--out", "grid.png"], in: folder.url)
    #expect((outcome.errors, outcome.status) == ("wrote 64 images to grid.png\n", 0))
    #expect(errors.contains("to train on: dcgan-run tiny.yaml train --limit 32 --out 'my run' "))
  }

  @Test(arguments: [
    ["r"], ["r/checkpoints/step-4.safetensors"],
    ["--run", "r"], ["--checkpoint", "r"], ["--checkpoint", "r/checkpoints"],
    ["--checkpoint", "r/checkpoints/step-4.safetensors"], ["tiny.yaml", "--run", "r/"],
  ])
  func aRunIsNamedByItsFolderOrByACheckpoint(_ arguments: [String]) throws {
    _ = try trained(["--out", "r"])
    let outcome = try sample(arguments + ["--count", "1", "--out", "a.png"])
    #expect((outcome.errors, outcome.status) == ("wrote 1 image to a.png\n", 0))
  }

  /// A folder that is called as a shipped spec does not hide it: `./mnist` is the folder.
  @Test func aFolderDoesNotHideASpecOfItsName() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "mnist"), withIntermediateDirectories: true)
    let outcome = try sample(["mnist"])
    #expect(outcome.errors.contains("runs/mnist"), "\(outcome.errors)")
    let asked = try sample(["./mnist"])
    #expect(!asked.errors.contains("runs/mnist"), "\(asked.errors)")
    #expect(asked.status != 0)
  }

  @Test func aMissingRunNamesThoseThatAreThere() throws {
    _ = try trained(["--out", "runs/other"])
    let outcome = try sample(["tiny.yaml"])
    #expect(
      outcome.errors == "error: runs/tiny: no checkpoint here; train first, or name the folder of "
        + "a run with --run; there are runs/other\n")
    #expect(outcome.status == 1)
  }

  @Test func aSpecThatHasChangedSinceIsNoted() throws {
    _ = try trained()
    try folder.write(
      tinySpec.replacingOccurrences(of: "latent: {size: 4}", with: "latent: {size: 5}"),
      to: "tiny.yaml")
    let outcome = try sample(["tiny.yaml"])
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains("was trained with another spec, and its own is used"),
      "\(outcome.errors)")
    #expect(outcome.errors.contains("latent.size  4 → 5"))
  }

  /// The batch of a training changes no sample of its generator.
  @Test func otherSettingsOfTheTrainingAreNotNoted() throws {
    _ = try trained()
    try folder.write(
      tinySpec.replacingOccurrences(of: "train: {", with: "train: {save_every: 1 h, shards: 2, "),
      to: "tiny.yaml")
    let outcome = try sample(["tiny.yaml"])
    #expect(outcome.status == 0)
    #expect(!outcome.errors.contains("another spec"), "\(outcome.errors)")
  }

  @Test(arguments: ["grid.jpg", "a.npz", "b.gif", "c.jpeg", "d.tiff"])
  func unknownEndingsAreRefused(_ name: String) throws {
    _ = try trained()
    let outcome = try sample(["tiny.yaml", "--out", name])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("error: \(name): images cannot be written as ."))
    #expect(!FileManager.default.fileExists(atPath: folder.path(name)))
  }

  @Test func imagesNeverMixWithOthersInAFolder() throws {
    _ = try trained()
    #expect(try sample(["tiny.yaml", "--out", "many", "--count", "3"]).status == 0)
    let second = try sample(["tiny.yaml", "--out", "many", "--count", "1"])
    #expect(second.status == 1)
    #expect(second.errors.contains("this folder has images already (00000.png)"))
  }

  /// Sizes are compared with the memory before anything is made.
  @Test func aSheetThatNoMemoryHoldsIsRefused() throws {
    _ = try trained()
    let outcome = try sample(["tiny.yaml", "--count", "10000000", "--out", "a.png"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("more than fit into memory; write NAME/ for a folder"))
  }

  /// The same images, however many are made with them, in every format.
  @Test func streamsDoNotDependOnTheirLength() throws {
    _ = try trained()
    for count in ["5", "40"] {
      #expect(
        try sample(["tiny.yaml", "--count", count, "--out", "\(count).idx"]).status == 0)
    }
    let short = try Data(contentsOf: URL(fileURLWithPath: folder.path("5.idx")))
    let long = try Data(contentsOf: URL(fileURLWithPath: folder.path("40.idx")))
    #expect(short.dropFirst(16) == long.dropFirst(16).prefix(5 * 28 * 28))
  }

  /// A pipe in place of a file never makes the command wait for its other end.
  @Test func pipesWithoutAnotherEndAreAnswered() throws {
    _ = try trained()
    for name in ["in.safetensors", "out.png"] {
      #expect(mkfifo(folder.path(name), 0o644) == 0)
    }
    let output = try sample(["tiny.yaml", "--out", "out.png"])
    #expect(output.errors == "error: cannot write out.png: No such device or address\n")
    let input = try sample(["--checkpoint", "in.safetensors"])
    #expect(input.errors == "error: in.safetensors is not a regular file\n")
  }

  @Test func aSpecAloneShowsTheThreeCommands() throws {
    let outcome = try run.run(["mnist"], in: folder.url)
    #expect(
      outcome.errors == """
        Error: what is to be done with 'mnist'?
          dcgan-run mnist train
          dcgan-run mnist sample --out grid.png
          dcgan-run mnist bench
        See 'dcgan-run --help' for more information.

        """)
    #expect(outcome.status == 2)
  }

  @Test(arguments: [
    ("spec.pth", "PK\u{3}\u{4}xxxxxxxxxxxxxxxx", "it is a zip archive, as PyTorch's .pth"),
    ("model.h5", "<!DOCTYPE html><html>", "it is an HTML page"),
    ("notes.txt", "these are only notes about a run", "it is a text file"),
  ])
  func foreignFilesAreNamed(_ name: String, _ content: String, _ words: String) throws {
    try folder.write(content, to: name)
    let outcome = try sample(["--checkpoint", name])
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("\(name): not a safetensors file: \(words)"), "\(outcome.errors)")
  }
}
