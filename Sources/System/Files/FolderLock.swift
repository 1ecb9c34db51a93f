#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A folder that one process at a time may write into.
///
/// The system releases the lock when the process ends, however it ends. A class because it owns an
/// open file; the lock is released with the last reference.
package final class FolderLock: Sendable {
  private let descriptor: Int32

  /// The file whose lock it is, in the folder.
  package static let name = ".lock"

  /// Locks `folder`, which exists.
  ///
  /// Throws `FileProblem.locked` where another process holds it, with what that process has left
  /// about itself. A file system without locks is used without one.
  package init(_ folder: String) throws(FileProblem) {
    let path = folder + "/" + Self.name
    let descriptor = System.retrying { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: System.reason()) }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, System.lastError == EWOULDBLOCK {
      var bytes = [UInt8](repeating: 0, count: 200)
      let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
      close(descriptor)
      let holder = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
      throw .locked(path: folder, holder: holder.isEmpty ? "another process" : holder)
    }
    self.descriptor = descriptor
    let holder = Array("process \(getpid()) on \(Self.host)".utf8)
    _ = ftruncate(descriptor, 0)
    // Only for the other process's message: the lock holds without it.
    _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
  }

  deinit { close(descriptor) }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "this machine" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
