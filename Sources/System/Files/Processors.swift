import Foundation

/// The machine's processors.
package enum Processors {
  /// Those that this process may run on: fewer than all where `taskset`, `mpirun`, Slurm or a
  /// container holds it to some.
  package static var usable: Int {
    // Other systems have no such file, and bind no processes.
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return all
    }
    return count(inStatus: status) ?? all
  }

  package static var all: Int { ProcessInfo.processInfo.processorCount }

  /// The processors of a line such as `Cpus_allowed_list: 0-3,8`; nil where there is none.
  static func count(inStatus text: String) -> Int? {
    let label = "Cpus_allowed_list:"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(label) }) else {
      return nil
    }
    var count = 0
    for range in line.dropFirst(label.count).split(separator: ",") {
      let ends = range.split(separator: "-").map { Int($0.filter(\.isNumber)) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, last >= first else {
        return nil
      }
      count += last - first + 1
    }
    return count > 0 ? count : nil
  }
}
