import CMPI
import Files
import Foundation

/// The processes of a job that a launcher of MPI has started.
///
/// One thread makes all calls of MPI. It looks for messages and sleeps in between: waiting inside
/// MPI would spin beside the threads that compute. Once a second it tells the next process that this
/// one lives; when the process before it is silent for too long, it ends this one with a sentence.
package final class MPIWorld: Collective {
  package let rank: Int
  package let count: Int
  /// The library's name and version.
  package let version: String
  private let thread: MessageThread

  /// How long a process may be silent, in seconds.
  package static let deadline = 10.0

  /// - Parameter onSilence: gets a sentence when another process is silent; must not return.
  package init(
    _ launcher: Launcher, deadline: Double = MPIWorld.deadline,
    onSilence: @escaping @Sendable (String) -> Never
  ) throws(CollectiveProblem) {
    thread = MessageThread(deadline: deadline, onSilence: onSilence)
    let world = try thread.open(launcher)
    rank = Int(world.rank)
    count = Int(world.size)
    version = withUnsafeBytes(of: world.version) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).excerpt(160)
    }
    guard count == launcher.count else {
      throw .otherLauncher(library: version, announced: launcher.count, found: count)
    }
    try exchangeHosts()
  }

  /// So that a sentence about a process can say where it was.
  private func exchangeHosts() throws(CollectiveProblem) {
    let width = 64
    var own = Array(ProcessInfo.processInfo.hostName.utf8.prefix(width))
    own += [UInt8](repeating: 0, count: width - own.count)
    let names = UnsafeMutableRawBufferPointer.allocate(byteCount: width * (count + 1), alignment: 8)
    func place(_ index: Int) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(rebasing: names[index * width..<(index + 1) * width])
    }
    place(count).copyBytes(from: own)
    try wait(
      for: begin(
        sends: others.map { ($0, UnsafeRawBufferPointer(place(count))) },
        receives: others.map { ($0, place($0)) }))
    place(rank).copyBytes(from: own)
    thread.hosts = (0..<count).map { index in
      String(decoding: place(index).prefix { $0 != 0 }, as: UTF8.self).excerpt(width)
    }
    names.deallocate()
  }

  package func begin(
    sends: [(rank: Int, bytes: UnsafeRawBufferPointer)],
    receives: [(rank: Int, bytes: UnsafeMutableRawBufferPointer)]
  ) throws(CollectiveProblem) -> Int {
    try thread.begin(sends: sends, receives: receives)
  }

  package func wait(for exchange: Int) throws(CollectiveProblem) { try thread.wait(for: exchange) }

  /// Leaves the job in good order; the process can do no more with the others.
  package func close() throws(CollectiveProblem) { try thread.close() }
}
