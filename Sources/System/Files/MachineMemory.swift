#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How much memory this process may use, in bytes.
///
/// The system may promise more than it has and end the process that uses it, so that sizes are
/// compared with this before memory is taken for them.
package enum MachineMemory {
  /// The smallest of the machine's memory, the limits of the process's control groups, and its
  /// resource limits.
  package static let limit: Int = min(physical, groupLimit, resourceLimit)

  private static var physical: Int {
    let (pages, pageBytes) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && pageBytes > 0 ? pages * pageBytes : .max
  }

  /// `ulimit -v` and `ulimit -d`.
  private static var resourceLimit: Int {
    [RLIMIT_AS, RLIMIT_DATA].map { resource in
      var limit = rlimit()
      #if canImport(Glibc)
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return .max }
      #else
        guard getrlimit(resource, &limit) == 0 else { return .max }
      #endif
      return Int(clamping: limit.rlim_cur)
    }.min() ?? .max
  }

  /// What containers are limited by.
  ///
  /// Source: kernel documentation, "Control Group v2", memory.max; v1, memory.limit_in_bytes.
  private static var groupLimit: Int {
    var limit = Int.max
    for line in text(of: "/proc/self/cgroup").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let (root, file): (String, String)
      if parts[1].isEmpty {
        (root, file) = ("/sys/fs/cgroup", "memory.max")
      } else if parts[1].split(separator: ",").contains("memory") {
        (root, file) = ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
      } else {
        continue
      }
      // A group is limited by all the groups above it, too.
      var path = parts[2]
      while true {
        let place = path == "/" ? root : root + path
        if let bytes = Int(text(of: "\(place)/\(file)").prefix { $0 != "\n" }) {
          limit = min(limit, bytes)
        }
        guard path != "/", let slash = path.lastIndex(of: "/") else { break }
        path = slash == path.startIndex ? "/" : path[..<slash]
      }
    }
    return limit
  }

  /// The start of a small file of the kernel's; empty where there is none.
  private static func text(of path: String) -> String {
    let descriptor = System.retrying { open(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = System.retrying { read(descriptor, &bytes, bytes.count) }
    return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
  }
}
