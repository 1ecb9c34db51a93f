import Files
import Foundation

/// Executables on disk, so that the second start of a program is immediate: XLA compiles for seconds.
///
/// A file holds the whole of what its executable was made from, which is compared before it is
/// used. A cache that cannot be read or written is only slower, so that its problems are not told.
struct ExecutableCache {
  private let folder: String
  /// What an executable depends on besides its module.
  private let circumstances: String

  /// Files beyond so many, the oldest, are removed.
  private static let most = 40
  private static let magic = Array("dcgan executable 1\n".utf8)

  /// Nil where there is no place for it.
  init?(client: PJRTClient) {
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
    let chosen = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    guard let base = chosen ?? home.map({ "\($0)/.cache" }) else { return nil }
    folder = "\(base)/dcgan/executables"
    let library = try? FileManager.default.attributesOfItem(atPath: client.plugin.path)
    circumstances = [
      "plugin 0.\(client.plugin.version.minor) \(client.platform) \(client.version)",
      "library \(library?[.size] ?? 0) \(library?[.modificationDate] ?? "")",
      "devices \(client.devices.map(\.kind).joined(separator: ", "))",
      // Code for a CPU is made for its instructions and its number of cores.
      "processors \(Processors.usable) \(Self.instructions)",
    ].joined(separator: "\n")
  }

  private static var instructions: String {
    // Systems without this file have no second processor that shares their caches.
    let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first {
      $0.hasPrefix("flags") || $0.hasPrefix("Features")
    }
    return String(line ?? "")
  }

  private func key(_ module: String) -> [UInt8] { Array("\(circumstances)\n\(module)".utf8) }

  private func path(_ key: [UInt8]) -> String {
    var hash = FNV1a()
    hash.add(key)
    return "\(folder)/\(hash.hexadecimal)"
  }

  /// What an earlier process has kept for the same module under the same circumstances.
  func executable(for module: String, on client: PJRTClient) -> PJRTExecutable? {
    let key = key(module)
    let path = path(key)
    guard let file = try? OpenFile(path: path),
      let content = try? file.bytes(at: 0, count: file.length),
      let bytes = Self.executable(in: content, key: key)
    else { return nil }
    return PJRTExecutable(bytes: bytes, on: client)
  }

  func keep(_ executable: PJRTExecutable, for module: String) {
    guard let bytes = executable.bytes else { return }
    let key = key(module)
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    try? AtomicFile.write(Self.content(of: bytes, key: key), to: path(key))
    removeOldest()
  }

  // MARK: The file: magic, lengths of key and executable, hash of the executable, both

  static func content(of executable: [UInt8], key: [UInt8]) -> [UInt8] {
    var hash = FNV1a()
    hash.add(executable)
    let numbers = [UInt64(key.count), UInt64(executable.count), hash.value]
    let head = numbers.flatMap { number in withUnsafeBytes(of: number.littleEndian) { Array($0) } }
    return magic + head + key + executable
  }

  /// Nil where the content is damaged or belongs to another key.
  static func executable(in content: [UInt8], key: [UInt8]) -> [UInt8]? {
    let head = magic.count + 24
    guard content.count >= head, content.starts(with: magic) else { return nil }
    let numbers = (0..<3).map { index in
      (0..<8).reversed().reduce(UInt64(0)) {
        $0 << 8 | UInt64(content[magic.count + 8 * index + $1])
      }
    }
    guard numbers[0] == UInt64(key.count), content.count - head >= key.count,
      numbers[1] == UInt64(content.count - head - key.count),
      content[head..<head + key.count].elementsEqual(key)
    else { return nil }
    let executable = Array(content[(head + key.count)...])
    var hash = FNV1a()
    hash.add(executable)
    return hash.value == numbers[2] ? executable : nil
  }

  private func removeOldest() {
    let files = FileManager.default
    let names = Folder.seenNames(in: folder)
    guard names.count > Self.most else { return }
    let dated = names.map { name in
      let attributes = try? files.attributesOfItem(atPath: "\(folder)/\(name)")
      return (name, attributes?[.modificationDate] as? Date ?? .distantPast)
    }
    for (name, _) in dated.sorted(by: { $0.1 < $1.1 }).prefix(names.count - Self.most) {
      try? files.removeItem(atPath: "\(folder)/\(name)")
    }
  }
}
