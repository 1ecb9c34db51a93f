#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Folder {
  /// Folders inside of folders are followed this far; a link that leads in a circle ends here.
  private static let deepest = 32

  /// The regular files below a folder, as paths relative to it; nil where there is no such folder.
  ///
  /// Their order depends on the names alone; links are followed.
  package static func tree(_ root: String) throws(FileProblem) -> [String]? {
    guard try names(in: root) != nil else { return nil }
    var files: [String] = []
    var isOpen: Set<FolderIdentity> = []
    try collect(root, "", &files, &isOpen)
    return files
  }

  private static func collect(
    _ folder: String, _ prefix: String, _ files: inout [String],
    _ isOpen: inout Set<FolderIdentity>
  ) throws(FileProblem) {
    var status = stat()
    guard stat(folder, &status) == 0 else {
      throw .cannotRead(path: folder, reason: System.reason())
    }
    let identity = FolderIdentity(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
    // A link to a folder above.
    guard isOpen.count < deepest, isOpen.insert(identity).inserted else { return }
    defer { isOpen.remove(identity) }
    for name in try names(in: folder) ?? [] {
      let path = "\(folder)/\(name)"
      switch try kind(of: path) {
      case .file: files.append(prefix + name)
      case .folder: try collect(path, "\(prefix)\(name)/", &files, &isOpen)
      // A link to nothing, a pipe or a device.
      case .other, nil: break
      }
    }
  }

  private struct FolderIdentity: Hashable {
    let device: UInt64
    let node: UInt64
  }
}
