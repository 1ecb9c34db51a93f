import Files
import Foundation
import Testing
import TestSupport

@Suite struct AtomicFileTests {
  let folder = try! TemporaryFolder()

  @Test func aFileAppearsWhole() throws {
    var file = try AtomicFile(replacing: folder.path("a.txt"))
    try file.write(Array("one ".utf8))
    #expect(!FileManager.default.fileExists(atPath: folder.path("a.txt")))
    try file.write(Array("two".utf8))
    try file.commit()
    #expect(try folder.bytes(of: "a.txt") == Array("one two".utf8))
    #expect(try folder.names() == ["a.txt"])
  }

  @Test func withoutCommitTheOldFileStaysAndTheNewOneGoes() throws {
    try folder.write([1, 2, 3], to: "a.txt")
    do {
      var file = try AtomicFile(replacing: folder.path("a.txt"))
      try file.write([9])
      #expect(try folder.names().count == 2)
    }
    #expect(try folder.bytes(of: "a.txt") == [1, 2, 3])
    #expect(try folder.names() == ["a.txt"])
  }

  @Test func whenTheNameCannotBeTakenTheTemporaryFileGoes() throws {
    var file = try AtomicFile(replacing: folder.path("a"))
    try file.write([1])
    try FileManager.default.createDirectory(
      atPath: folder.path("a"), withIntermediateDirectories: false)
    do {
      try file.commit()
      Issue.record("a folder was replaced by a file")
    } catch {
      #expect(error.description == "cannot write \(folder.path("a")): Is a directory")
    }
    #expect(try folder.names() == ["a"])
  }

  @Test func failuresNameThePathAndTheReason() throws {
    #expect(
      sentence { () throws(FileProblem) in
        try AtomicFile.write([1], to: folder.path("no/such/a.txt"))
      } == "cannot write \(folder.path("no/such/a.txt")): No such file or directory")
    #expect(
      sentence { () throws(FileProblem) in
        try AtomicFile.write([1], to: folder.path)
      } == "cannot write \(folder.path): Is a directory")
  }

  #if os(Linux)
    @Test func aFullDiskIsReported() {
      #expect(
        sentence { () throws(FileProblem) in
          try AtomicFile.write([1], to: "/dev/full")
        } == "cannot write /dev/full: No space left on device")
    }
  #endif

  @Test func aDeviceIsWrittenInPlace() throws {
    try AtomicFile.write([1], to: "/dev/null")
    let attributes = try FileManager.default.attributesOfItem(atPath: "/dev/null")
    #expect(attributes[.type] as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test func aLinkStaysALink() throws {
    try folder.write([1], to: "a.txt")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path("link"), withDestinationPath: "a.txt")
    try AtomicFile.write([2], to: folder.path("link"))
    #expect(try folder.bytes(of: "a.txt") == [2])
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.path("link")) == "a.txt")
  }

  private func sentence(_ body: () throws(FileProblem) -> Void) -> String {
    do throws(FileProblem) { try body() } catch { return error.description }
    return "no problem"
  }
}
