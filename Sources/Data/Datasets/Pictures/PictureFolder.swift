import Files
import Images
import Spec

/// The pictures in a folder and in the folders inside of it.
///
/// What is a picture is decided by content; files with the usual endings are looked at when they
/// are decoded. Labels come from an attribute table or from the first level of folders.
struct PictureFolder: PictureCollection {
  let name: String
  let labelNames: [String]?
  /// What there is to say about the folder before training.
  let notes: [String]
  private let root: String
  /// Paths relative to `root`.
  private let files: [String]
  private let labels: [UInt32]

  /// - Parameters:
  ///   - root: exists.
  ///   - classes: how many labels are needed, or nil where none are.
  ///   - lists: finds the attribute table and the list of what to skip.
  init(
    _ source: DataSource, _ root: String, reading: DataReading, classes: Int?,
    lists: (String) throws(DatasetProblem) -> String
  ) throws(DatasetProblem) {
    name = source.rawValue
    self.root = root
    var notes: [String] = []
    var files = try Self.pictures(in: root, &notes)
    if let skip = reading.skip {
      let left = try SkipList(contentsOf: lists(skip))
      let count = files.count
      files.removeAll { left.names.contains($0) }
      notes.append("\((count - files.count).counted("picture")) left out by \(skip.visible)")
    }
    if let chosen = reading.classes {
      let present = Set(files.compactMap(\.firstFolder))
      if let absent = chosen.first(where: { !present.contains($0) }) {
        throw .noSuchClass(path: root, name: absent, found: present.sorted())
      }
      let wanted = Set(chosen)
      files.removeAll { $0.firstFolder.map { !wanted.contains($0) } ?? true }
    }
    guard !files.isEmpty else { throw .noPictures(path: root, found: try Self.names(in: root)) }
    if let table = reading.attributes {
      let path = try lists(table)
      let attributes = try AttributeTable(contentsOf: path)
      guard let wanted = reading.label else {
        throw .noLabelNamed(path: path, names: attributes.names)
      }
      guard let column = attributes.names.firstIndex(of: wanted) else {
        throw .noSuchAttribute(path: path, name: wanted, found: attributes.names)
      }
      let values = files.map { attributes.value(column, of: $0.fileName) }
      let listed = zip(files, values).filter { $1 != nil }
      guard !listed.isEmpty else {
        throw .noneListed(path: path, root: root, example: files[0].fileName)
      }
      if listed.count < files.count {
        notes.append(
          "\((files.count - listed.count).counted("picture")) left out that \(table.visible) does "
            + "not list")
      }
      self.files = listed.map(\.0)
      labels = listed.map { $1 == true ? 1 : 0 }
      labelNames = ["no \(wanted)", wanted]
    } else {
      let names: [String]
      if let chosen = reading.classes {
        names = chosen
      } else {
        names = try Self.classes(of: files, in: root, wanted: classes)
      }
      let numbers = Dictionary(uniqueKeysWithValues: zip(names, 0..<UInt32(names.count)))
      self.files = files
      labels = names.isEmpty ? [] : files.map { $0.firstFolder.flatMap { numbers[$0] } ?? 0 }
      labelNames = names.isEmpty ? nil : names
    }
    self.notes = notes
  }

  var count: Int { files.count }

  /// Folders on the first level, when every picture is in one of them; else 0.
  var classFolders: Int {
    let folders = files.map(\.firstFolder)
    return folders.contains(nil) ? 0 : Set(folders).count
  }

  func bytes(at index: Int) throws(DatasetProblem) -> [UInt8] {
    do throws(FileProblem) {
      let file = try OpenFile(path: "\(root)/\(files[index])")
      guard file.length <= PictureFolder.largestPicture else {
        throw .cannotRead(path: file.path, reason: "a picture of \(file.length.grouped) bytes")
      }
      return try file.bytes(at: 0, count: file.length)
    } catch {
      throw .file(error)
    }
  }

  func place(of index: Int) -> String { files[index] }

  func label(at index: Int) -> Int? { labels.isEmpty ? nil : Int(labels[index]) }

  /// Bytes; 8192 × 8192 pixels take less in every format.
  static let largestPicture = 1 << 29

  /// The files that are pictures; what else there is goes into `notes`.
  private static func pictures(
    in root: String, _ notes: inout [String]
  ) throws(DatasetProblem) -> [String] {
    let endings = Set(PictureFormat.allCases.flatMap(\.endings))
    var pictures: [String] = []
    var others: [String] = []
    do throws(FileProblem) {
      guard try Folder.kind(of: root) == .folder else {
        let content = try OpenFile(path: root).content()
        throw .cannotRead(
          path: root,
          reason: "expected a folder of pictures" + (content.map { "; \($0.sentence)" } ?? ""))
      }
      for file in try Folder.tree(root) ?? [] {
        let ending = file.split(separator: ".").last.map { $0.lowercased() } ?? ""
        // Hidden files are not meant to be looked at: `.DS_Store`, `._1.jpg`.
        let isHidden = file.fileName.hasPrefix(".")
        var isLikely = endings.contains(ending)
        if !isHidden, !isLikely { isLikely = try isPicture("\(root)/\(file)") }
        if isLikely, !isHidden {
          pictures.append(file)
        } else {
          others.append(file)
        }
      }
    } catch {
      throw .file(error)
    }
    if !others.isEmpty {
      notes.append(
        "\(root.visible): \(others.count.counted("file")) that "
          + "\(others.count == 1 ? "is no picture is" : "are no pictures are") left out: "
          + DatasetProblem.list(others))
    }
    return pictures
  }

  private static func isPicture(_ path: String) throws(FileProblem) -> Bool {
    let file: OpenFile
    // What cannot be opened is one of the others, and is named with them.
    do throws(FileProblem) { file = try OpenFile(path: path) } catch { return false }
    switch try file.content() {
    case .png, .jpeg, .webp: return true
    default: return false
    }
  }

  /// The names of the classes, by the first level of folders; none where no labels are wanted.
  private static func classes(
    of files: [String], in root: String, wanted: Int?
  ) throws(DatasetProblem) -> [String] {
    let folders = Set(files.compactMap(\.firstFolder)).sorted()
    guard let wanted, wanted > 1 else { return [] }
    let flat = files.first { $0.firstFolder == nil }
    if folders.isEmpty || folders.count > 0 && flat != nil {
      let above = "\(root)/.."
      let siblings = try names(in: above).filter { Folder.sees(.folder, at: "\(above)/\($0)") }
      throw .noClassFolders(
        path: root, example: flat ?? "", folders: folders.count,
        above: folders.isEmpty && siblings.count == wanted ? above : nil)
    }
    if folders.count == 1 {
      let below = "\(root)/\(folders[0])"
      if try names(in: below).filter({ Folder.sees(.folder, at: "\(below)/\($0)") }).count > 1 {
        throw .oneClassFolder(path: root, below: below)
      }
    }
    return folders
  }

  static func names(in folder: String) throws(DatasetProblem) -> [String] {
    do throws(FileProblem) { return try Folder.names(in: folder) ?? [] } catch {
      throw .file(error)
    }
  }
}

/// Names of pictures that are left out, one in a line; what follows a tab is a remark.
struct SkipList {
  let names: Set<String>

  init(contentsOf path: String) throws(DatasetProblem) {
    let bytes: [UInt8]
    do throws(FileProblem) {
      let file = try OpenFile(path: path)
      bytes = try file.bytes(at: 0, count: file.length)
    } catch {
      throw .file(error)
    }
    names = Set(
      bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
        let name = line.prefix { $0 != UInt8(ascii: "\t") && $0 != UInt8(ascii: "\r") }
        return name.isEmpty || name.first == UInt8(ascii: "#")
          ? nil : String(decoding: name, as: UTF8.self)
      })
  }
}

extension String {
  /// The folder at the start of a relative path.
  fileprivate var firstFolder: String? {
    firstIndex(of: "/").map { String(self[..<$0]) }
  }

  fileprivate var fileName: String { split(separator: "/").last.map(String.init) ?? self }
}
