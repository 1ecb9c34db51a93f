#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Looking at folders: a look that fails is an error, never "there is nothing".
package enum Folder {
  /// The names in a folder, without `.` and `..`, sorted; nil where the folder does not exist.
  package static func names(in path: String) throws(FileProblem) -> [String]? {
    guard let folder = opendir(path) else {
      if System.lastError == ENOENT { return nil }
      throw .cannotRead(path: path, reason: System.reason())
    }
    defer { closedir(folder) }
    var names: [String] = []
    while true {
      System.clearError()
      guard let entry = readdir(folder) else {
        if System.lastError != 0 { throw .cannotRead(path: path, reason: System.reason()) }
        return names.sorted()
      }
      // `d_name` is a text that ends with a zero, within the entry that readdir has returned.
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
          String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  /// What is at a path.
  package enum Kind: Sendable {
    case file
    case folder
    /// A pipe, a device or a socket.
    case other
  }

  /// What is at `path`, with symbolic links followed; nil where nothing is.
  package static func kind(of path: String) throws(FileProblem) -> Kind? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      // ENOTDIR: something above it is a file.
      if System.lastError == ENOENT || System.lastError == ENOTDIR { return nil }
      throw .cannotRead(path: path, reason: System.reason())
    }
    switch System.kind(of: status) {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Whether that kind is seen at `path`: for searches and guesses.
  package static func sees(_ kind: Kind, at path: String) -> Bool {
    // A search goes on without what cannot be looked at: the error does not matter.
    (try? self.kind(of: path)) == kind
  }

  /// The names that are seen in a folder; none where there is no folder, or it cannot be read.
  package static func seenNames(in folder: String) -> [String] {
    // As above.
    ((try? names(in: folder)) ?? nil) ?? []
  }
}
