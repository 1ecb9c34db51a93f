import Diagnostics
import Document
import Foundation
import Testing

@Suite("Reading files") struct SourceFileProblemTests {
  /// Reads `name` in a folder of its own, after `prepare` has filled the folder.
  private func problem(
    reading name: String, limit: Int = 100, _ prepare: (String) throws -> Void = { _ in }
  ) throws -> String? {
    let folder = NSTemporaryDirectory() + "dcgan-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try prepare(folder)
    do throws(SourceFileProblem) {
      _ = try SourceFile.read(path: "\(folder)/\(name)", limit: limit)
      return nil
    } catch {
      return "\(error)".replacing(folder, with: "FOLDER")
    }
  }

  @Test func `a file is read as it is`() throws {
    let path = NSTemporaryDirectory() + "dcgan-" + UUID().uuidString + ".yaml"
    let bytes = [UInt8]("dcgan: 1\n".utf8) + [0xFF] + Array(repeating: 0x20, count: 100_000)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let file = try SourceFile.read(path: path)
    #expect(file.path == path)
    #expect(file.bytes == bytes)
  }

  @Test func `a missing file is named`() throws {
    #expect(try problem(reading: "a.yaml") == "FOLDER/a.yaml: there is no such file")
    #expect(try problem(reading: "a.yaml/b.yaml") == "FOLDER/a.yaml/b.yaml: there is no such file")
    #expect(try problem(reading: "a\0.yaml") == "FOLDER/a\0.yaml: there is no such file")
  }

  @Test func `a folder is no file`() throws {
    #expect(try problem(reading: "") == "FOLDER/: this is a folder, not a file")
  }

  @Test func `a pipe is not waited for`() throws {
    let found = try problem(reading: "pipe") { folder in
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    }
    #expect(found == "FOLDER/pipe: this is not an ordinary file")
  }

  @Test func `a large file is refused unread`() throws {
    let found = try problem(reading: "a.yaml", limit: 9) { folder in
      try Data(count: 10).write(to: URL(fileURLWithPath: folder + "/a.yaml"))
    }
    #expect(found == "FOLDER/a.yaml: the file has 10 bytes, the limit is 9")
  }

  @Test func `a link that leads to itself cannot be read`() throws {
    let found = try problem(reading: "link") { folder in
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: folder + "/link")
    }
    #expect(found == "FOLDER/link: the file cannot be read (Too many levels of symbolic links)")
  }

  @Test func `a file that says it is empty is still limited`() throws {
    #expect(throws: SourceFileProblem.tooLarge(path: "/proc/self/maps", bytes: 100, limit: 99)) {
      do throws(SourceFileProblem) {
        _ = try SourceFile.read(path: "/proc/self/maps", limit: 99)
      } catch .tooLarge(let path, let bytes, let limit) where bytes > limit {
        throw SourceFileProblem.tooLarge(path: path, bytes: limit + 1, limit: limit)
      }
    }
  }
}
