import Diagnostics

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension SourceFile {
  /// Reads a whole file, which may have `limit` bytes.
  ///
  /// Its size is looked at first; a pipe or a device is not waited for.
  public static func read(
    path: String, limit: Int = YAMLDocument.mostBytes
  ) throws(SourceFileProblem) -> SourceFile {
    // The system would take the part before a NUL for the path.
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .missing(path: path) }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system(path: path, error: errno) }
    defer { close(descriptor) }

    var information = stat()
    guard fstat(descriptor, &information) == 0 else { throw .system(path: path, error: errno) }
    switch information.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .isDirectory(path: path)
    default: throw .notAFile(path: path)
    }
    let size = Int(information.st_size)
    guard size <= limit else { throw .tooLarge(path: path, bytes: size, limit: limit) }
    return SourceFile(path: path, bytes: try contents(descriptor, path: path, limit: limit))
  }

  /// What messages call the text that `readStandardInput` reads.
  public static let standardInputPath = "<stdin>"

  /// Reads standard input to its end; it may have `limit` bytes.
  public static func readStandardInput(
    limit: Int = YAMLDocument.mostBytes
  ) throws(SourceFileProblem) -> SourceFile {
    let path = standardInputPath
    return SourceFile(
      path: path, bytes: try contents(STDIN_FILENO, path: path, limit: limit))
  }
}

/// All that can be read, also where the file grows or says that it is empty (`/proc`).
private func contents(
  _ descriptor: CInt, path: String, limit: Int
) throws(SourceFileProblem) -> [UInt8] {
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = block.withUnsafeMutableBytes { buffer in
      // Writes at most `buffer.count` bytes into `block`, which nothing else refers to.
      read(descriptor, buffer.baseAddress, buffer.count)
    }
    if count == 0 { return bytes }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { throw .system(path: path, error: errno) }
    bytes += block[..<count]
    guard bytes.count <= limit else {
      throw .tooLarge(path: path, bytes: bytes.count, limit: limit)
    }
  }
}

extension SourceFileProblem {
  fileprivate static func system(path: String, error: CInt) -> SourceFileProblem {
    switch error {
    case ENOENT, ENOTDIR: .missing(path: path)
    case EISDIR: .isDirectory(path: path)
    default: .unreadable(path: path, reason: String(cString: strerror(error)))
    }
  }
}
