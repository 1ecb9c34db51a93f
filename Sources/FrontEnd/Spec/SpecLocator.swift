import Diagnostics
import Foundation

/// Finds the file that a spec argument of a command means.
///
/// In this order: the path itself; the path with folders and file in other letter case
/// (`specs/lsun64.yaml` for `Specs/lsun64.yaml`); for a bare name (`lsun64`) the shipped spec.
public struct SpecLocator: Sendable {
  /// Where shipped specs are looked for, in this order; some may not exist.
  public let shippedFolders: [String]
  private let workingFolder: String

  public init(shippedFolders: [String], workingFolder: String) {
    self.shippedFolders = shippedFolders
    self.workingFolder = workingFolder
  }

  /// Shipped specs lie in `$DCGAN_SPECS`, in `Specs` of the package that the executable was built
  /// in, or in `../share/dcgan/Specs` from the executable.
  public init(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: String = Bundle.main.executablePath ?? CommandLine.arguments[0],
    workingFolder: String = FileManager.default.currentDirectoryPath
  ) {
    var folders: [String] = []
    if let folder = environment["DCGAN_SPECS"], !folder.isEmpty { folders.append(folder) }
    let binary = URL(fileURLWithPath: executable).resolvingSymlinksInPath()
    var parent = binary.deletingLastPathComponent()
    while parent.path != "/" {
      if FileManager.default.fileExists(atPath: parent.appending(path: "Package.swift").path) {
        folders.append(parent.appending(path: "Specs").path)
      }
      parent = parent.deletingLastPathComponent()
    }
    let installation = binary.deletingLastPathComponent().deletingLastPathComponent()
    folders.append(installation.appending(path: "share/dcgan/Specs").path)
    self.init(shippedFolders: folders, workingFolder: workingFolder)
  }

  /// The path of the file that `argument` means; a folder is returned as it is, so that whoever
  /// reads it says what it is.
  public func path(of argument: String) throws(SpecNotFound) -> String {
    if isFile(argument) { return argument }
    if let path = pathInOtherCase(argument) { return path }
    guard !argument.contains("/") else {
      if isFolder(argument) { return argument }
      throw SpecNotFound(argument: argument, places: [argument], nearNames: nearNames(argument))
    }
    for folder in shippedFolders {
      for ending in [".yaml", ".yml", ""] {
        let path = folder + "/" + argument + ending
        if isFile(path) { return path }
        if let path = pathInOtherCase(path) { return path }
      }
    }
    if isFolder(argument) { return argument }
    throw SpecNotFound(
      argument: argument, places: [argument] + shippedFolders, nearNames: nearNames(argument))
  }

  /// The shipped specs by name; of two with one name the first.
  public var shippedSpecs: [(name: String, path: String)] {
    var seen: Set<String> = []
    return shippedFolders.flatMap { folder in
      entries(of: folder).sorted().compactMap { file in
        guard file.hasSuffix(".yaml") || file.hasSuffix(".yml"), isFile(folder + "/" + file)
        else { return nil }
        let name = SpecName.name(ofFile: file)
        return seen.insert(name).inserted ? (name, folder + "/" + file) : nil
      }
    }
  }

  private func nearNames(_ argument: String) -> [String] {
    let names = shippedSpecs.map(\.name)
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
    var text = "there is no spec `\(argument)`; looked for it as "
    text += places.first.map { "the file \($0)" } ?? ""
    if places.count > 1 { text += " and in " + places.dropFirst().joined(separator: ", ") }
    guard !nearNames.isEmpty else { return text }
    let names = nearNames.map { "`\($0)`" }.joined(separator: ", ")
    return text + (nearNames.count == 1 ? "; did you mean \(names)?" : "; shipped are \(names)")
  }
}
