import Files
import Foundation
import TestSupport
import Testing

@testable import Training

/// What a run folder answers when looking fails, or finds what no run has written.
@Suite struct RunFolderTests {
  private let folder = try! TemporaryFolder()

  private func write(_ names: [String], in subfolder: String) throws {
    let url = folder.url.appendingPathComponent(subfolder)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for name in names { try Data().write(to: url.appendingPathComponent(name)) }
  }

  @Test func checkpointsAreFoundByTheirExactNames() throws {
    try write(
      [
        "step-9.safetensors", "step-10.safetensors", "step-0099.safetensors",
        "step-+99.safetensors", "step--1.safetensors", "best.safetensors", "step-11.tmp",
      ], in: "run/checkpoints")
    let run = RunFolder(path: folder.path + "/run/")
    let found = try run.findCheckpoints()
    #expect(
      found.paths == [10, 9].map { "\(folder.path)/run/checkpoints/step-\($0).safetensors" })
    #expect(found.oddNames.count == 4)
    #expect(run.path == folder.path + "/run")
  }

  @Test func aFolderThatIsNotThereHasNoCheckpoints() throws {
    let found = try RunFolder(path: folder.path + "/nothing").findCheckpoints()
    #expect(found.paths.isEmpty && found.oddNames.isEmpty)
  }

  /// A file where the folder should be cannot be listed: that is not the same as an empty folder.
  @Test func whatCannotBeListedIsAnError() throws {
    try write(["checkpoints"], in: "run")
    let problem = #expect(throws: TrainingProblem.self) {
      try RunFolder(path: folder.path + "/run").findCheckpoints()
    }
    #expect(
      problem?.description == "cannot read \(folder.path)/run/checkpoints: Not a directory")
  }

  @Test func theSecondProcessIsTold() throws {
    try write([], in: "run")
    let path = folder.path + "/run"
    let lock = try FolderLock(path)
    let problem = #expect(throws: FileProblem.self) { try FolderLock(path) }
    #expect(
      problem?.description.hasPrefix(
        "\(path): process \(ProcessInfo.processInfo.processIdentifier)")
        == true)
    withExtendedLifetime(lock) {}
  }

  @Test func aLockEndsWithItsHolder() throws {
    try write([], in: "run")
    do { _ = try FolderLock(folder.path + "/run") }
    _ = try FolderLock(folder.path + "/run")
  }

  @Test func runsAreSetAsideAndNeverReplaced() throws {
    try write(["a"], in: "run")
    try write(["b"], in: "run-1")
    let run = RunFolder(path: folder.path + "/run/")
    #expect(try run.setAside() == folder.path + "/run-2")
    #expect(try run.setAside() == nil)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/run-1/b"))
  }
}
