import Diagnostics
import Foundation

/// Finds the spec that an argument of a command means.
///
/// In this order: the path itself; the path with folders and file in other letter case
/// (`specs/lsun64.yaml` for `Specs/lsun64.yaml`); for a bare name (`lsun64`) a file of
/// `$DCGAN_SPECS`, then the spec of that name inside the program.
public struct SpecLocator: Sendable {
  /// `$DCGAN_SPECS`, or nil.
  public let specsFolder: String?
  private let workingFolder: String

  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    workingFolder: String = FileManager.default.currentDirectoryPath
  ) {
    specsFolder = environment["DCGAN_SPECS"].flatMap { $0.isEmpty ? nil : $0 }
    self.workingFolder = workingFolder
  }

  /// What `argument` means; a folder is returned as a file, so that its reader says what it
  /// is.
  public func spec(for argument: String) throws(SpecNotFound) -> LocatedSpec {
    if isFile(argument) { return .file(path: argument) }
    if let path = pathInOtherCase(argument) { return .file(path: path) }
    guard !argument.contains("/") else {
      if isFolder(argument) { return .file(path: argument) }
      throw SpecNotFound(argument: argument, places: [argument], nearNames: nearNames(argument))
    }
    for ending in [".yaml", ".yml", ""] {
      guard let specsFolder else { break }
      let path = specsFolder + "/" + argument + ending
      if isFile(path) { return .file(path: path) }
      if let path = pathInOtherCase(path) { return .file(path: path) }
    }
    if let file = ShippedSpecs.file(named: argument) { return .shipped(file) }
    if isFolder(argument) { return .file(path: argument) }
    throw SpecNotFound(
      argument: argument, places: [argument] + (specsFolder.map { [$0] } ?? []),
      nearNames: nearNames(argument))
  }

  private func nearNames(_ argument: String) -> [String] {
    let folder = argument.lastIndex(of: "/").map { String(argument[...$0]) } ?? ""
    let beside = entries(of: folder.isEmpty ? "." : folder)
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
    if let near = beside.nearest(to: String(argument.dropFirst(folder.count))) {
      return [folder + near]
    }
    let own = specsFolder.map { entries(of: $0).filter { $0.hasSuffix(".yaml") } } ?? []
    let names = (own.map(SpecName.name) + ShippedSpecs.names).sorted()
    return names.nearest(to: SpecName.name(ofFile: argument)).map { [$0] } ?? names
  }

  /// The only existing path that differs from `path` in upper and lower case alone, or nil.
  private func pathInOtherCase(_ path: String) -> String? {
    let parts = path.split(separator: "/").map(String.init)
    var found = [path.hasPrefix("/") ? "/" : ""]
    for part in parts {
      found = found.flatMap { folder in
        if part == "." || part == ".." { return [folder + part + "/"] }
        return entries(of: folder.isEmpty ? "." : folder)
          .filter { $0.lowercased() == part.lowercased() }
          .map { folder + $0 + "/" }
      }
      if found.isEmpty || found.count > Self.mostCandidates { return nil }
    }
    let files = found.map { String($0.dropLast()) }.filter(isFile)
    return files.count == 1 ? files[0] : nil
  }

  /// Bounds the search where many folders differ in case only.
  private static let mostCandidates = 64

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : workingFolder + "/" + path
  }

  private func isFile(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: absolute(path), isDirectory: &isFolder)
      && !isFolder.boolValue
  }

  private func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: absolute(path), isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private func entries(of folder: String) -> [String] {
    // A folder that cannot be listed holds nothing to suggest.
    (try? FileManager.default.contentsOfDirectory(atPath: absolute(folder))) ?? []
  }
}

/// No file is what a spec argument means.
public struct SpecNotFound: Error, Hashable, Sendable, CustomStringConvertible {
  public let argument: String
  /// Paths and folders that were looked at.
  public let places: [String]
  /// The shipped spec that was probably meant, or all of them.
  public let nearNames: [String]

  public var description: String {
    var text = "there is no spec `\(argument)`: looked for "
    text += places.first.map { "the file \($0)" } ?? ""
    if places.count > 1 { text += " and in " + places.dropFirst().joined(separator: ", ") }
    guard !nearNames.isEmpty else { return text }
    let names = nearNames.map { "`\($0)`" }.joined(separator: ", ")
    return text + (nearNames.count == 1 ? "; did you mean \(names)?" : "; shipped are \(names)")
  }
}
