import Foundation
import Testing
import TestSupport

/// Outputs that cannot be written, and text from elsewhere that could steer a terminal.
@Suite struct OutputTests {
  private let folder = try! TemporaryFolder()
  private let shell = Command(url: URL(fileURLWithPath: "/bin/sh"))

  /// A line for the shell, with `$C` and `$R` for the two commands.
  private func run(_ line: String) throws -> Command.Outcome {
    try folder.write(tinySpec, to: "tiny.yaml")
    return try shell.run(
      ["-c", line], in: folder.url,
      environment: [
        "C": Command(name: "dcgan-compile").url.path, "R": Command(name: "dcgan-run").url.path,
      ])
  }

  /// A result that could not be written is a failure with a message.
  @Test(arguments: [
    "$C tiny.yaml", "$C --help", "$C tiny.yaml --emit step", "$C - --fix < tiny.yaml",
    "$C tiny.yaml --check --format json", "$C --explain G503", "$C new --size 64",
    "$R tiny.yaml bench --json --steps 1 --warmup 0",
  ])
  func aResultThatCannotBeWrittenIsAFailure(_ command: String) throws {
    let full = try run(command + " > /dev/full")
    #expect(full.status == 1)
    #expect(full.errors.contains("error: cannot write standard output: No space left on device"))
    let closed = try run(command + " >&-")
    #expect(closed.status == 1)
    #expect(closed.errors.contains("error: cannot write standard output: Bad file descriptor"))
  }

  @Test func aReaderThatHasSeenEnoughHearsNothing() throws {
    let outcome = try run("{ $C tiny.yaml --emit step; echo status $? >&2; } | head -1")
    #expect(outcome.output.split(separator: "\n").count == 1)
    #expect(!outcome.errors.contains("error"), "\(outcome.errors)")
  }

  /// Nobody has to listen to a training.
  @Test(arguments: ["2> /dev/full", "2>&-", "2>&1 | true"])
  func trainingGoesOnWithoutItsMessages(_ redirection: String) throws {
    _ = try run("$R tiny.yaml train --limit 32 --epochs 1 \(redirection)")
    #expect(
      FileManager.default.fileExists(
        atPath: folder.path("runs/tiny/checkpoints/step-4.safetensors")))
  }

  /// A file that grows beyond a limit leaves nothing half written behind.
  @Test func aLimitOnFilesLeavesNoPartsBehind() throws {
    let outcome = try run(
      "$R tiny.yaml train --limit 32 --epochs 1 && (ulimit -f 1; $R tiny.yaml sample --out a.png "
        + "--count 900)")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("cannot write a.png: File too large"), "\(outcome.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names.sorted() == ["runs", "tiny.yaml"])
  }

  @Test(arguments: [
    "$C \"$(printf 'a\\033[31m.yaml')\" --check", "$R \"$(printf '\\033]0;x')\" train",
    "$R sample --checkpoint \"$(printf 'x\\033[2J.safetensors')\"",
    "$C \"$(printf 'a\\033[31m.yaml')\" --check --format json",
    "$C \"$(printf 'a\\033[31m.yaml')\" --check --format github",
  ])
  func escapesFromArgumentsAreMadeVisible(_ command: String) throws {
    let outcome = try run(command)
    #expect(outcome.status != 0)
    #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
    #expect(!(outcome.output + outcome.errors).isEmpty)
  }

  @Test func readOnlyFilesAndHardLinksStayWhatTheyAre() throws {
    let faulty = tinySpec.replacingOccurrences(of: "filters: 4, norm", with: "num_filters: 4, norm")
    try folder.write(faulty, to: "a.yaml")
    let linked = try run("ln a.yaml b.yaml && $C a.yaml --fix --check")
    #expect(linked.status == 0, "\(linked.errors)")
    #expect(try String(contentsOfFile: folder.path("b.yaml"), encoding: .utf8) == tinySpec)

    try folder.write(faulty, to: "c.yaml")
    let readOnly = try run("chmod 444 c.yaml && $C c.yaml --fix --check")
    #expect(readOnly.status == 1)
    #expect(readOnly.errors.contains("error: cannot write c.yaml: it is read-only"))
    #expect(try String(contentsOfFile: folder.path("c.yaml"), encoding: .utf8) == faulty)
  }
}
