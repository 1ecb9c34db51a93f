import Foundation
import TestSupport
import Testing

/// Every command that reads a checkpoint notices that a bit of it has flipped.
@Suite struct DamageTests {
  private let run = Command(name: "dcgan-run")
  private let folder = try! TemporaryFolder()
  private let checkpoint = "runs/tiny/checkpoints/step-4.safetensors"

  private static let readers = [
    ["tiny.yaml", "sample"],
    ["sample", "--checkpoint", "runs/tiny/checkpoints/step-4.safetensors"],
    ["tiny.yaml", "train", "--limit", "32", "--epochs", "2"],
    [
      "tiny.yaml", "train", "--limit", "32", "--epochs", "1", "--out", "new", "--init-from",
      "runs/tiny",
    ],
    ["tiny.yaml", "rewind", "--to", "epoch-1", "--limit", "32"],
    ["report", "--run", "runs/tiny"],
  ]

  /// In the header, in its numbers and spec, and in the data.
  @Test(arguments: readers.indices)
  func isNoticed(_ reader: Int) throws {
    try folder.write(tinySpec, to: "tiny.yaml")
    let trained = try run.run(
      ["tiny.yaml", "train", "--limit", "32", "--epochs", "1"], in: folder.url)
    #expect(trained.status == 0)
    let path = folder.path(checkpoint)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    var generator = TestGenerator(seed: reader)
    let places = [3, 40] + (0..<6).map { _ in Int.random(in: whole.indices, using: &generator) }
    for place in places {
      var flipped = whole
      flipped[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try flipped.write(to: URL(fileURLWithPath: path))
      let outcome = try run.run(Self.readers[reader], in: folder.url)
      // A report of what a run has left is still of use; it says what is damaged.
      let isReport = Self.readers[reader].contains("report")
      let said =
        isReport
        ? try String(contentsOfFile: folder.path("runs/tiny/report.html"), encoding: .utf8)
        : outcome.errors
      #expect(outcome.status == (isReport ? 0 : 1), "byte \(place): \(outcome.errors)")
      #expect(said.contains("step-4.safetensors"), "byte \(place): \(outcome.errors)")
      #expect(!said.contains("Fatal error"))
    }
  }
}
