#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Names of temporary files: `.dcgan-<number of the writing process>-<random>.tmp`.
enum TemporaryName {
  private static let (start, end) = (".dcgan-", ".tmp")

  /// A name of its own length, so that a long file name does not become too long.
  static var new: String {
    "\(start)\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))\(end)"
  }

  /// The process that has made a file of this name; nil for other files.
  static func writer(of name: String) -> pid_t? {
    guard name.hasPrefix(start), name.hasSuffix(end) else { return nil }
    let parts = name.dropFirst(start.count).dropLast(end.count).split(
      separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let writer = pid_t(parts[0]), writer > 0 else { return nil }
    return writer
  }
}

extension AtomicFile {
  /// Removes the temporary files in `folder` whose writers were killed before they could.
  ///
  /// A file stays when its writer may live: when there is a process of its number, or when somebody
  /// holds its lock (a process in another container has a number of its own there). Nothing is
  /// reported: what cannot be removed now does no harm.
  package static func removeAbandoned(in folder: String) {
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      // The system ends the name with a zero, within the field.
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let writer = TemporaryName.writer(of: name), kill(writer, 0) != 0, errno == ESRCH
      else { continue }
      let path = "\(folder)/\(name)"
      let descriptor = System.retrying {
        open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      }
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
      close(descriptor)
    }
  }
}
