import Foundation
import Interchange
import TestSupport
import Testing

/// What resumes a run, what is refused, and what is never lost.
@Suite struct ResumeTests {
  private let run = Command(name: "dcgan-run")
  private let small = ["--limit", "32", "--threads", "2"]
  private let folder = try! TemporaryFolder()

  private func train(_ arguments: [String]) throws -> Command.Outcome {
    try run.run(["tiny.yaml", "train"] + small + arguments, in: folder.url)
  }

  private func checkpoint(_ step: Int, run: String = "tiny") -> URL {
    folder.url.appendingPathComponent("runs/\(run)/checkpoints/step-\(step).safetensors")
  }

  /// Names, reasons of deviations and fallbacks change nothing.
  @Test(arguments: ["deviations: {G513: small}", "name: tiny"])
  func whatDoesNotChangeTheResultDoesNotBlock(_ line: String) throws {
    try folder.write(tinySpec, to: "tiny.yaml")
    #expect(try train(["--epochs", "1"]).status == 0)
    try folder.write(tinySpec + "\n" + line, to: "tiny.yaml")
    let second = try train(["--set", "train.save_every=1 h"])
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("resuming after step 4"))
  }

  /// Another limit is allowed, and told.
  @Test func anotherLimitIsTold() throws {
    try folder.write(tinySpec, to: "tiny.yaml")
    #expect(try train(["--epochs", "1"]).status == 0)
    let same = try train(["--epochs", "2"])
    #expect(same.status == 0 && !same.errors.contains("another --limit"), "\(same.errors)")
    let other = try train(["--epochs", "3", "--limit", "64"])
    #expect(other.status == 0)
    #expect(
      other.errors.contains(
        "the epochs of this run had 4 batches until now, and have 8: another --limit"),
      "\(other.errors)")
  }

  @Test func whatChangesTheResultIsNamedWithBothValues() throws {
    try folder.write(tinySpec, to: "tiny.yaml")
    #expect(try train(["--epochs", "1"]).status == 0)
    let refused = try train(["--set", "latent.size=5", "--set", "train.seed=3"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("~ latent.size  4 → 5"), "\(refused.errors)")
    #expect(refused.errors.contains("~ train.seed   0 → 3"), "\(refused.errors)")
    #expect(refused.errors.contains("--fresh"))
  }

  /// Drawn digits never become MNIST within a run, nor the other way round.
  @Test func otherDataAreRefused() throws {
    try folder.write(
      tinySpec.replacingOccurrences(
        of: "source: digits", with: "source: mnist, fallback: digits"), to: "tiny.yaml")
    #expect(try train(["--epochs", "1"]).status == 0)
    try writeIDX(count: 40, to: "sets/mnist")
    let refused = try train(["--data", "sets"])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("the run began on digits (60000 images of 1 × 28 × 28"))
    #expect(refused.errors.contains("now there is mnist (40 images of 1 × 28 × 28"))

    // The same files in another folder are the same data; other pixels are not.
    let other = try train(["--out", "b", "--epochs", "1", "--data", "sets"])
    #expect(other.status == 0, "\(other.errors)")
    try writeIDX(count: 40, to: "elsewhere/mnist")
    #expect(try train(["--out", "b", "--data", "elsewhere"]).status == 0)
    try writeIDX(count: 40, to: "changed/mnist", pixel: 9)
    #expect(try train(["--out", "b", "--epochs", "3", "--data", "changed"]).status == 1)
  }

  /// A damaged newest checkpoint, or an oddly named one, does not hide the good one before it.
  @Test func theNewestGoodCheckpointIsUsed() throws {
    try folder.write(tinySpec, to: "tiny.yaml")
    #expect(try train([]).status == 0)
    var bytes = try Data(contentsOf: checkpoint(8))
    bytes[bytes.count - 3] ^= 4
    try bytes.write(to: checkpoint(8))
    try bytes.write(
      to: checkpoint(4).deletingLastPathComponent()
        .appendingPathComponent("step-0099.safetensors"))
    let second = try train(["--epochs", "3"])
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("step-8.safetensors: damaged: its checksum is"))
    #expect(second.errors.contains("step-0099.safetensors: not the name of a checkpoint"))
    #expect(second.errors.contains("resuming after step 4"))
  }

  /// Training never starts over silently where checkpoints are.
  @Test func withoutAGoodCheckpointNothingStarts() throws {
    try folder.write(tinySpec, to: "tiny.yaml")
    #expect(try train(["--epochs", "1"]).status == 0)
    try Data("not a checkpoint".utf8).write(to: checkpoint(4))
    let refused = try train([])
    #expect(refused.status == 1)
    #expect(refused.errors.contains("none of the checkpoints can be used"))
    #expect(FileManager.default.fileExists(atPath: checkpoint(4).path))
  }

  /// Killed in the middle of its work five times, wherever that is, a run ends with the bytes of one
  /// that was left alone; `make soak` does this for as long as one likes.
  @Test(.timeLimit(.minutes(2))) func hardKillsChangeNothing() throws {
    try folder.write(tinySpec, to: "tiny.yaml")
    let arguments = ["--epochs", "6", "--keep", "1"]
    #expect(try train(arguments + ["--out", "whole"]).status == 0)
    var kills = 0
    var generator = TestGenerator(seed: 11)
    for _ in 0..<40 where kills < 5 {
      // Begun anew where the last one had got to the end before its time.
      try? FileManager.default.removeItem(atPath: folder.path("killed"))
      for _ in 0..<2 where kills < 5 {
        let killed = try run.run(
          ["tiny.yaml", "train", "--out", "killed"] + small + arguments, in: folder.url
        ) { process in
          usleep(UInt32.random(in: 5_000...120_000, using: &generator))
          kill(process.processIdentifier, SIGKILL)
        }
        if killed.status != 0 { kills += 1 }
      }
      #expect(try train(arguments + ["--out", "killed"]).status == 0)
      for file in ["checkpoints/step-24.safetensors", "samples/epoch-6.png"] {
        #expect(
          FileManager.default.contents(atPath: folder.path("killed/\(file)"))
            == FileManager.default.contents(atPath: folder.path("whole/\(file)")))
      }
    }
    #expect(kills == 5)
  }

  @Test(.timeLimit(.minutes(1))) func aSecondProcessIsRefused() throws {
    try folder.write(tinySpec, to: "tiny.yaml")
    let first = try run.run(
      ["tiny.yaml", "train", "--epochs", "100000"] + small, in: folder.url
    ) { process in
      while process.isRunning,
        !FileManager.default.fileExists(
          atPath: folder.path("runs/tiny/samples/epoch-1.png"))
      { usleep(10_000) }
      for extra in [[], ["--fresh"]] {
        let second = try? train(extra)
        #expect(second?.status == 1)
        #expect(
          second?.errors.contains("process \(process.processIdentifier) on ") == true,
          "\(second?.errors ?? "")")
      }
      kill(process.processIdentifier, SIGHUP)
    }
    // A closed terminal saves as Ctrl-C does.
    #expect(first.status == 130)
    #expect(first.errors.contains("stopped; saved "))
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: folder.path("runs"))
        .contains("tiny-1"))
  }

  /// Images of one gray value each, with labels in turn.
  private func writeIDX(count: Int, to path: String, pixel: UInt8 = 3) throws {
    let url = folder.url.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    func number(_ value: Int) -> [UInt8] {
      withUnsafeBytes(of: UInt32(value).bigEndian) { Array($0) }
    }
    let images =
      number(0x803) + number(count) + number(28) + number(28)
      + [UInt8](repeating: pixel, count: count * 784)
    let labels = number(0x801) + number(count) + (0..<count).map { UInt8($0 % 10) }
    try Data(images).write(to: url.appendingPathComponent("train-images-idx3-ubyte"))
    try Data(labels).write(to: url.appendingPathComponent("train-labels-idx1-ubyte"))
  }
}
