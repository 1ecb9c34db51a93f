#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file that appears whole or not at all.
///
/// The bytes go to a temporary file in the same folder; `commit` brings them to the disk and
/// renames it over `path`. A reader of `path` sees the old file or the new one, never a part,
/// even after a power cut. Without `commit`, or when it fails, the temporary file is removed and
/// the old one is untouched.
///
/// A symbolic link stays, and the file it points to is replaced. A device or a pipe (`/dev/null`,
/// `/dev/stdout`) is written in place.
package struct AtomicFile: ~Copyable {
  /// As the caller wrote it: for messages.
  private let path: String
  /// With symbolic links followed.
  private let target: String
  /// Nil once nothing is left to remove, or when the target is written in place.
  private var temporary: String?
  private var descriptor: Int32

  package init(replacing path: String) throws(FileProblem) {
    var status = stat()
    let exists = stat(path, &status) == 0
    let kind = System.kind(of: status)
    if exists, kind == S_IFDIR {
      throw .cannotWrite(path: path, reason: System.reason(EISDIR))
    }
    let target = exists ? Self.resolved(path) : path
    let temporary: String?
    let descriptor: Int32
    if exists, kind != S_IFREG {
      temporary = nil
      // A pipe without a reader must give an answer, not wait for one; its writes may wait.
      descriptor = System.retrying { open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK) }
      if descriptor >= 0 { _ = fcntl(descriptor, F_SETFL, 0) }
    } else {
      // A name of its own length, so that a long file name does not become too long.
      let sibling = Self.folder(of: target) + "/" + TemporaryName.new
      let mode = exists ? status.st_mode & 0o777 : 0o666  // a new file: less what umask takes
      temporary = sibling
      descriptor = System.retrying { open(sibling, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
    }
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: System.reason()) }
    // Shows that the writer lives; see `removeAbandoned`. Not all file systems have locks.
    if temporary != nil { _ = flock(descriptor, LOCK_EX | LOCK_NB) }
    self.init(path: path, target: target, temporary: temporary, descriptor: descriptor)
  }

  /// With its first bytes.
  package static func replacing(
    _ path: String, start: [UInt8]
  ) throws(FileProblem) -> AtomicFile {
    var file = try AtomicFile(replacing: path)
    try file.write(start)
    return file
  }

  private init(path: String, target: String, temporary: String?, descriptor: Int32) {
    self.path = path
    self.target = target
    self.temporary = temporary
    self.descriptor = descriptor
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if let temporary { unlink(temporary) }
  }

  /// Appends `bytes`.
  package mutating func write(_ bytes: RawSpan) throws(FileProblem) {
    let (descriptor, path) = (descriptor, path)
    try bytes.withUnsafeBytes { (buffer) throws(FileProblem) in
      var done = 0
      while done < buffer.count {
        // `done` < count, so the pointer and the rest of the count lie inside `buffer`.
        let count = System.retrying {
          System.write(descriptor, buffer.baseAddress.map { $0 + done }, buffer.count - done)
        }
        if count < 0 { throw .cannotWrite(path: path, reason: System.reason()) }
        done += count
      }
    }
  }

  package mutating func write(_ bytes: [UInt8]) throws(FileProblem) {
    try write(bytes.span.bytes)
  }

  /// Brings the bytes to the disk, then puts the file in its place.
  package consuming func commit() throws(FileProblem) {
    // Pipes and some devices cannot be synced, and say EINVAL.
    guard fsync(descriptor) == 0 || (temporary == nil && System.lastError == EINVAL) else {
      throw .cannotWrite(path: path, reason: System.reason())
    }
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0 else { throw .cannotWrite(path: path, reason: System.reason()) }
    guard let sibling = temporary else { return }
    guard rename(sibling, target) == 0 else {
      throw .cannotWrite(path: path, reason: System.reason())
    }
    temporary = nil
    try syncFolder()
  }

  /// Without this, a power cut could bring back the old name.
  private func syncFolder() throws(FileProblem) {
    let folder = System.retrying { open(Self.folder(of: target), O_RDONLY | O_CLOEXEC) }
    guard folder >= 0 else { return }  // a folder may be writable and yet not readable
    defer { close(folder) }
    // Some network file systems cannot sync a folder, and say EINVAL.
    guard fsync(folder) == 0 || System.lastError == EINVAL else {
      throw .cannotWrite(path: path, reason: System.reason())
    }
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func resolved(_ path: String) -> String {
    guard let name = realpath(path, nil) else { return path }
    defer { free(name) }
    return String(cString: name)
  }
}

extension AtomicFile {
  /// Gives a file that is there other bytes, as an editor would: one that is read-only stays as it
  /// is, and one with several names (hard links) keeps them all.
  package static func rewrite(_ path: String, with bytes: [UInt8]) throws(FileProblem) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw .cannotWrite(path: path, reason: System.reason())
    }
    // Who may do anything is not stopped by the mode, but it still says what is wanted.
    guard status.st_mode & 0o222 != 0 else {
      throw .cannotWrite(path: path, reason: "it is read-only")
    }
    guard status.st_nlink > 1, System.kind(of: status) == S_IFREG else {
      return try write(bytes, to: path)
    }
    let descriptor = System.retrying { open(path, O_WRONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: System.reason()) }
    var file = AtomicFile(path: path, target: path, temporary: nil, descriptor: descriptor)
    try file.write(bytes)
    guard ftruncate(descriptor, off_t(bytes.count)) == 0 else {
      throw .cannotWrite(path: path, reason: System.reason())
    }
    try file.commit()
  }

  /// Writes a whole file that is in memory already.
  package static func write(_ bytes: [UInt8], to path: String) throws(FileProblem) {
    var file = try AtomicFile(replacing: path)
    try file.write(bytes)
    try file.commit()
  }

  package static func write(_ text: String, to path: String) throws(FileProblem) {
    try write(Array(text.utf8), to: path)
  }
}
