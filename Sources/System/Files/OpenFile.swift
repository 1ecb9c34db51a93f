#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A regular file, open for reading at any offset.
///
/// Its length is taken once, when it is opened. It stays readable after another file has been
/// renamed over its path. Reading does not move a position, so several threads may read at once.
package final class OpenFile: Sendable {
  package let path: String
  /// Bytes.
  package let length: Int
  private let descriptor: Int32

  package init(path: String) throws(FileProblem) {
    // O_NONBLOCK: opening a pipe without a writer must give an answer, not wait for one.
    let descriptor = System.retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: System.reason()) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let reason = System.reason()
      close(descriptor)
      throw .cannotOpen(path: path, reason: reason)
    }
    guard System.kind(of: status) == S_IFREG else {
      close(descriptor)
      throw .notAFile(path: path)
    }
    self.path = path
    self.length = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Fills `bytes` from `offset` on; a file that ends before is an error.
  package func read(into bytes: inout MutableRawSpan, at offset: Int) throws(FileProblem) {
    try bytes.withUnsafeMutableBytes { (buffer) throws(FileProblem) in
      var done = 0
      while done < buffer.count {
        // `done` < count, so the pointer and the rest of the count lie inside `buffer`.
        let count = System.retrying {
          pread(
            descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done,
            off_t(offset + done))
        }
        if count < 0 { throw .cannotRead(path: path, reason: System.reason()) }
        if count == 0 {
          throw .shortened(path: path, offset: offset, expected: buffer.count, found: done)
        }
        done += count
      }
    }
  }

  /// Reads `count` bytes from `offset` on.
  ///
  /// The caller has checked `count` against `length`.
  package func bytes(at offset: Int, count: Int) throws(FileProblem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var span = bytes.mutableSpan
    var raw = span.mutableBytes
    try read(into: &raw, at: offset)
    return bytes
  }
}
