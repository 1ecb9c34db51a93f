import Files
import Spec

/// Where data sets are looked for: in the folder of `--data`, else of `$DCGAN_DATA`, else in
/// `data/`.
///
/// It has one folder for each source (`data/mnist/`), or is that folder itself. All files of a
/// source come from one folder.
package struct DatasetLocator: Equatable, Sendable {
  package let folder: String
  package let origin: Origin
  /// The folder of the spec's file; nil for a spec that came with the program.
  package let specFolder: String?

  /// Who named the folder.
  package enum Origin: String, Sendable {
    case option = "--data"
    case environment = "$DCGAN_DATA"
    case usual = "the default"
  }

  /// - Parameters:
  ///   - data: what `--data` says, or nil.
  ///   - environment: of the process.
  package init(data: String?, environment: [String: String], specFolder: String? = nil) {
    self.specFolder = specFolder
    if let data {
      (folder, origin) = (data, .option)
    } else if let named = environment["DCGAN_DATA"], !named.isEmpty {
      (folder, origin) = (named, .environment)
    } else {
      (folder, origin) = ("data", .usual)
    }
  }

  /// A file of a source, under any of the names that are in use for it.
  struct Wanted {
    /// The usual one first; `.gz` may follow each.
    let names: [String]
    /// Whether the source can do without.
    var isOptional = false
  }

  /// The paths of `wanted`, all in one folder; nil for an optional file that is not there.
  ///
  /// Throws `notFound`, an absence, only where nothing of the source is there: a folder that was
  /// named and is missing, or one with a part of the files, is a mistake.
  func files(
    _ wanted: [Wanted], of source: DataSource
  ) throws(DatasetProblem) -> [String?] {
    let root = try names(in: folder)
    if root == nil, origin != .usual {
      throw .noFolder(source: source, folder: folder, origin: origin)
    }
    var begun: DatasetProblem?
    for candidate in candidates(for: source) {
      guard let names = try names(in: candidate) else { continue }
      let found = wanted.map { $0.path(in: candidate, names) }
      guard let missing = zip(wanted, found).first(where: { $1 == nil && !$0.isOptional })?.0
      else { return found }
      let problem = DatasetProblem.incomplete(
        source: source, folder: candidate, file: missing.names[0], found: names)
      if found.contains(where: { $0 != nil }) { throw problem }
      // A folder with the source's name, and with something else in it.
      if begun == nil, !names.isEmpty, candidate != folder { begun = problem }
    }
    if let begun { throw begun }
    throw .notFound(
      source: source, file: wanted[0].names[0], folder: join(folder, source.rawValue),
      origin: origin, instead: try elsewhere(wanted, source))
  }

  /// The path of one file of a source, in the folders where `files` looks; nil where it is not there.
  func file(named name: String, of source: DataSource) throws(DatasetProblem) -> String? {
    for candidate in candidates(for: source) where try names(in: candidate)?.contains(name) == true
    {
      return join(candidate, name)
    }
    return nil
  }

  /// Folders that may have a source's files: the one of its name, as other programs name it, and
  /// the folder itself, unless that has the name of another source.
  private func candidates(for source: DataSource) -> [String] {
    var result: [String] = []
    for name in [source.rawValue] + source.otherFolderNames {
      result += [join(folder, name), join(join(folder, name), "raw")]
    }
    // The folder inside a published archive, unpacked in the source's own.
    for name in source.otherFolderNames {
      result.append(join(join(folder, source.rawValue), name))
    }
    let own = folder.split(separator: "/").suffix(2).map { $0.lowercased() }
    let others = DataSource.allCases.filter { $0 != source }.flatMap {
      [$0.rawValue] + $0.otherFolderNames
    }
    if !own.contains(where: { name in others.contains { $0.lowercased() == name } }) {
      result += [folder, join(folder, "raw")]
    }
    return result
  }

  /// A folder above that would work, for the message.
  private func elsewhere(
    _ wanted: [Wanted], _ source: DataSource
  ) throws(DatasetProblem) -> String? {
    for above in [join(folder, ".."), join(folder, "../..")] {
      let place = DatasetLocator(data: above, environment: [:])
      for candidate in place.candidates(for: source) {
        // A guess at a better place: a folder that cannot be read is none.
        guard let names = try? Folder.names(in: candidate) else { continue }
        if wanted.allSatisfy({ $0.isOptional || $0.path(in: candidate, names) != nil }) {
          return candidate
        }
      }
    }
    return nil
  }

  /// The folder or file that `path` of the spec names: where `--data` says, else absolute, beside the
  /// spec, or below the data folder.
  func place(of source: DataSource, path: String?) throws(DatasetProblem) -> String {
    let places = places(of: source, path: path)
    for place in places {
      do throws(FileProblem) { if try Folder.kind(of: place) != nil { return place } } catch {
        throw .file(error)
      }
    }
    if origin == .option { throw .noFolder(source: source, folder: folder, origin: origin) }
    throw .noPath(source: source, path: path, tried: places, origin: origin)
  }

  /// A file that a spec names for pictures: absolute, beside the spec, in or beside their folder, or
  /// where the program was started, as `data check` and `data dedup` print it.
  func list(_ path: String, beside root: String) throws(DatasetProblem) -> String {
    let places =
      path.hasPrefix("/")
      ? [path]
      : (specFolder.map { [join($0, path)] } ?? []) + [
        join(root, path), join("\(root)/..", path), path,
      ]
    for place in places {
      do throws(FileProblem) { if try Folder.kind(of: place) == .file { return place } } catch {
        throw .file(error)
      }
    }
    throw .noList(path: path, tried: places)
  }

  private func places(of source: DataSource, path: String?) -> [String] {
    guard origin != .option else {
      guard let path, !path.hasPrefix("/") else { return [join(folder, source.rawValue), folder] }
      return [join(folder, path), join(join(folder, source.rawValue), path), folder]
    }
    guard let path else { return [join(folder, source.rawValue)] }
    if path.hasPrefix("/") { return [path] }
    let below = [join(folder, path), join(join(folder, source.rawValue), path)]
    return (specFolder.map { [join($0, path)] } ?? []) + below
  }

  private func names(in folder: String) throws(DatasetProblem) -> [String]? {
    do throws(FileProblem) {
      switch try Folder.kind(of: folder) {
      case .folder: return try Folder.names(in: folder)
      case nil: return nil
      case .file, .other:
        // A file of a source's name among the data is no folder; what was named must be one.
        guard folder == self.folder else { return nil }
        throw .cannotRead(path: folder, reason: "it is not a folder")
      }
    } catch {
      throw .file(error)
    }
  }
}

extension DatasetLocator.Wanted {
  fileprivate func path(in folder: String, _ present: [String]) -> String? {
    names.flatMap { [$0, $0 + ".gz"] }.first { present.contains($0) }.map { join(folder, $0) }
  }
}

extension DataSource {
  /// What torchvision and others call its folder.
  fileprivate var otherFolderNames: [String] {
    switch self {
    case .mnist: ["MNIST"]
    case .fashionMNIST: ["FashionMNIST", "fashion", "fashion_mnist"]
    case .cifar10: ["cifar-10-batches-bin"]
    case .cifar100: ["cifar-100-binary"]
    case .svhn: ["SVHN"]
    case .lsun, .imagenet, .folder, .shards, .digits, .portraits: []
    }
  }
}

private func join(_ folder: String, _ name: String) -> String {
  folder.hasSuffix("/") ? folder + name : folder + "/" + name
}
