import Foundation

/// What changes when a file is saved: its time, its size, and which file has its name.
package struct FileStamp: Hashable, Sendable {
  private var seconds = 0
  private var nanoseconds = 0
  private var size = 0
  private var number: UInt64 = 0

  /// A missing file has a stamp of its own.
  package init(_ path: String) {
    var information = stat()
    guard stat(path, &information) == 0 else { return }
    #if canImport(Darwin)
      let time = information.st_mtimespec
    #else
      let time = information.st_mtim
    #endif
    (seconds, nanoseconds) = (Int(time.tv_sec), Int(time.tv_nsec))
    (size, number) = (Int(information.st_size), UInt64(information.st_ino))
  }
}
