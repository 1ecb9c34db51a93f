#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file without a name: it is gone as soon as nobody has it open.
package final class TemporaryFile {
  private let descriptor: Int32
  private let path: String

  /// In `$TMPDIR`, or else in /tmp.
  package init() throws(FileProblem) {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    // mkstemp replaces the six X by letters that no other file has.
    var template = Array("\(folder)/dcgan-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    path = template.withUnsafeBufferPointer {
      $0.baseAddress.map { String(cString: $0) } ?? folder
    }
    guard descriptor >= 0 else { throw .cannotWrite(path: folder, reason: System.reason()) }
    // From here on, a killed process leaves nothing behind.
    unlink(path)
  }

  deinit { close(descriptor) }

  package func append(_ bytes: [UInt8]) throws(FileProblem) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        System.retrying {
          write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        }
      }
      if count < 0 { throw .cannotWrite(path: path, reason: System.reason()) }
      done += count
    }
  }

  /// What has been written so far, for reading; it stays readable when this file is gone.
  package func reopened() throws(FileProblem) -> OpenFile {
    try OpenFile(path: "/dev/fd/\(descriptor)")
  }
}
