import Files
import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct AbandonedFilesTests {
  let folder = try! TemporaryFolder()

  /// The number of a process that has ended.
  private func endedProcess() throws -> pid_t {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["true"]
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  @Test func whatAKilledWriterLeftIsRemoved() throws {
    let (ended, living) = (try endedProcess(), getpid())
    let kept = [
      ".dcgan-\(living)-1x.tmp",  // its writer lives
      ".dcgan-\(ended)-1x",  // the others are not ours
      ".dcgan-\(ended).tmp",
      ".dcgan-x\(ended)-1x.tmp",
      ".dcgan-0-1x.tmp",
      ".dcgan--\(ended)-1x.tmp",
      "step-\(ended)-1x.tmp",
    ]
    for name in kept { try folder.write("1", to: name) }
    try folder.write("1", to: ".dcgan-\(ended)-1x.tmp")
    AtomicFile.removeAbandoned(in: folder.path)
    #expect(try folder.names() == kept.sorted())
  }

  @Test func aLockedFileIsKeptUntilItIsLetGo() throws {
    let path = try folder.write("1", to: ".dcgan-\(try endedProcess())-1x.tmp")
    let descriptor = open(path, O_RDONLY)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    AtomicFile.removeAbandoned(in: folder.path)
    #expect(try folder.names().count == 1)
    close(descriptor)
    AtomicFile.removeAbandoned(in: folder.path)
    #expect(try folder.names() == [])
  }

  @Test func aWriterHoldsTheLockOfItsFile() throws {
    var file = try AtomicFile(replacing: folder.path("a"))
    try file.write([1])
    let name = try #require(try folder.names().first)
    #expect(TemporaryName.writer(of: name) == getpid())
    let descriptor = open(folder.path(name), O_RDONLY)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == -1)
    close(descriptor)
    AtomicFile.removeAbandoned(in: folder.path)
    try file.commit()
    #expect(try folder.names() == ["a"])
  }

  @Test func aFolderThatIsNotThereIsNoProblem() {
    AtomicFile.removeAbandoned(in: folder.path("none"))
  }
}
