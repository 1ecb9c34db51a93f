import Files
import Foundation
import Spec

/// Numbered tar files, on disk or on a web server: `faces-{000000..000123}.tar`.
struct ShardList: Sendable {
  let addresses: [String]
  /// Samples in each.
  let counts: [Int]

  /// More files than anybody numbers; a pattern that asks for more is a slip.
  private static let most = 1_000_000

  var count: Int { counts.reduce(0, +) }

  /// - Parameter pattern: a file, a folder with tar files, or an address; braces stand for numbers
  ///   of as many digits as the first one has.
  init(
    _ pattern: String, at locator: DatasetLocator
  ) throws(DatasetProblem) {
    let names = try Self.expanded(pattern)
    if Self.isWeb(pattern) {
      addresses = names
    } else {
      let first = try locator.place(of: .shards, path: names[0])
      addresses = try Self.files(names, first)
    }
    counts = try Self.counts(of: addresses)
    for (address, count) in zip(addresses, counts) where count == 0 {
      throw .brokenShards(pattern: address, reason: "it has no pictures")
    }
  }

  static func isWeb(_ address: String) -> Bool {
    address.hasPrefix("http://") || address.hasPrefix("https://")
  }

  /// The stream of shard `index`.
  func open(_ index: Int) throws(DatasetProblem) -> Archive { try Self.open(addresses[index]) }

  private static func open(_ address: String) throws(DatasetProblem) -> Archive {
    isWeb(address)
      ? try Archive(WebArchiveSource(address), path: address) : try Archive(path: address)
  }

  /// The names that a pattern stands for, as in a shell: `{0..3}`, `{000..123}`.
  static func expanded(_ pattern: String) throws(DatasetProblem) -> [String] {
    guard let open = pattern.firstIndex(of: "{"), let close = pattern[open...].firstIndex(of: "}")
    else { return [pattern] }
    let range = pattern[pattern.index(after: open)..<close].components(separatedBy: "..")
    guard range.count == 2, let first = Int(range[0]), let last = Int(range[1]), first >= 0,
      last >= first, last - first < most
    else {
      throw .brokenShards(
        pattern: pattern, reason: "expected numbers in braces, such as {000000..000123}")
    }
    let digits = range[0].hasPrefix("0") ? range[0].count : 1
    let rest = try expanded(String(pattern[pattern.index(after: close)...]))
    return (first...last).flatMap { number in
      let text = String(number)
      let padded = String(repeating: "0", count: max(0, digits - text.count)) + text
      return rest.map { "\(pattern[..<open])\(padded)\($0)" }
    }
  }

  /// The files on disk, of which `first` has been found.
  private static func files(
    _ names: [String], _ first: String
  ) throws(DatasetProblem) -> [String] {
    do throws(FileProblem) {
      guard try Folder.kind(of: first) != .folder else {
        let tars = try (Folder.names(in: first) ?? []).filter {
          $0.hasSuffix(".tar") || $0.contains(".tar.")
        }
        guard !tars.isEmpty else {
          throw FileProblem.cannotRead(path: first, reason: "there are no tar files in this folder")
        }
        return tars.map { "\(first)/\($0)" }
      }
      // What stands before the first name holds for the others, too.
      let folder = String(first.dropLast(names[0].count))
      let files = names.map { folder + $0 }
      for file in files where try Folder.kind(of: file) == nil {
        throw FileProblem.cannotOpen(path: file, reason: "it is missing among the shards")
      }
      return files
    } catch {
      throw .file(error)
    }
  }

  // MARK: Counts

  /// The name of the list of counts beside the shards.
  static let indexName = "shards.json"
  /// Samples; so that the sum of all stays a number.
  private static let longestShard = 1 << 32
  /// Bytes; a million entries are shorter.
  private static let longestIndex = 1 << 26

  /// From the list beside the shards where there is one; else each shard is read once.
  private static func counts(of addresses: [String]) throws(DatasetProblem) -> [Int] {
    if let first = addresses.first, let index = try index(beside: first) {
      let names = addresses.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
      let known = names.compactMap { index[$0] }
      if known.count == names.count { return known }
    }
    var counts: [Int] = []
    for address in addresses {
      let archive = try open(address)
      var reader = SampleReader(archive)
      var count = 0
      while try reader.skip() { count += 1 }
      counts.append(count)
    }
    return counts
  }

  private static func index(beside address: String) throws(DatasetProblem) -> [String: Int]? {
    guard let slash = address.lastIndex(of: "/") else { return nil }
    let path = address[...slash] + indexName
    var bytes: [UInt8] = []
    if isWeb(address) {
      let source = try WebArchiveSource(String(path))
      // A server without the list gives an error, or a page of its own.
      while bytes.count < Self.longestIndex, let more = try? source.read(1 << 16), !more.isEmpty {
        bytes += more
      }
    } else {
      do throws(FileProblem) {
        guard try Folder.kind(of: String(path)) == .file else { return nil }
        let file = try OpenFile(path: String(path))
        bytes = try file.bytes(at: 0, count: min(file.length, longestIndex))
      } catch {
        throw .file(error)
      }
    }
    // A file of this name that is something else is no list of counts.
    guard let index = try? JSONDecoder().decode([String: Int].self, from: Data(bytes)),
      index.values.allSatisfy({ (0...longestShard).contains($0) })
    else { return nil }
    return index
  }
}
