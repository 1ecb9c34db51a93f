import Files
import Spec

/// Why a data set could not be found, opened or read.
package enum DatasetProblem: Error, Equatable, Sendable {
  case file(FileProblem)
  /// `--data` names a folder for a source that the program draws.
  case needsNoFiles(source: DataSource, folder: String)
  /// Nothing of the source is in the folder; `instead` is a folder that has it.
  case notFound(
    source: DataSource, file: String, folder: String, origin: DatasetLocator.Origin,
    instead: String?)
  /// The folder that was named is not there.
  case noFolder(source: DataSource, folder: String, origin: DatasetLocator.Origin)
  /// The source's folder is there, but one of its files is not; `found` are the names in it.
  case incomplete(source: DataSource, folder: String, file: String, found: [String])

  /// Gzip data that cannot be inflated; `offset` counts compressed bytes.
  case damagedGzip(path: String, offset: Int, reason: String)

  // In the following, offsets and lengths count bytes of the data, after inflating.
  case wrongMagic(path: String, expected: UInt32, found: UInt32, hint: String?)
  /// 4 dimensions in the order count, height, width, channels.
  case channelsLast(path: String, sizes: [UInt32])
  case truncated(path: String, expected: Int, found: Int)
  case trailingBytes(path: String, expected: Int)
  /// Not a whole number of records of `size` bytes.
  case brokenRecords(path: String, size: Int, found: Int, content: FileContent?)
  case labelOutOfRange(path: String, offset: Int, found: Int, classes: Int)
  case zeroSize(path: String, offset: Int, dimension: String)
  case wrongChannels(path: String, offset: Int, found: UInt32)
  /// The header promises more than memory, or more than the file can hold.
  case oversized(path: String, sizes: [UInt32], limit: Int)
  case countMismatch(images: String, imageCount: Int, labels: String, labelCount: Int)

  // Of pictures.
  /// Nothing is at any of the places where `path` could be.
  case noPath(source: DataSource, path: String?, tried: [String], origin: DatasetLocator.Origin)
  /// A file that the spec names is at none of the places where it could be.
  case noList(path: String, tried: [String])
  case noPictures(path: String, found: [String])
  /// Labels are wanted, but some pictures lie in no folder of a class; `above` would work.
  case noClassFolders(path: String, example: String, folders: Int, above: String?)
  /// The classes are one folder further down.
  case oneClassFolder(path: String, below: String)
  case noSuchClass(path: String, name: String, found: [String])
  case noLabelNamed(path: String, names: [String])
  case noSuchAttribute(path: String, name: String, found: [String])
  /// A table of attributes that lists none of the pictures.
  case noneListed(path: String, root: String, example: String)
  case brokenTable(path: String, line: Int, reason: String)
  /// `instead` is a folder below that has one.
  case noDatabase(path: String, found: [String], instead: String?)
  case brokenDatabase(path: String, reason: String)
  case brokenArchive(path: String, reason: String)
  /// A file on a web server that does not come.
  case transfer(address: String, reason: String)
  /// Numbered files of which one is missing, or a pattern that names none.
  case brokenShards(pattern: String, reason: String)
  case brokenMATLAB(path: String, reason: String)
  case unreadablePictures(dataset: String, count: Int, found: [UnreadablePicture])

  case noLabels(dataset: String, classes: Int)
  /// Labels from 0 to `labels` − 1 for fewer classes.
  case tooManyLabels(dataset: String, labels: Int, classes: Int)
  case wrongImageShape(dataset: String, found: ImageShape, expected: ImageShape)
  /// `limit` is the number that `--limit` has cut the images to.
  case noBatch(dataset: String, images: Int, batch: Int, limit: Int?)
}

extension DatasetProblem {
  /// Whether the data set is not there at all, so that another may take its place.
  package var isAbsence: Bool {
    switch self {
    // Where `--data` was given, nothing takes the place of what it names.
    case .notFound(_, _, _, let origin, _): origin != .option
    case .noPath(_, _, _, let origin): origin != .option
    case .file, .needsNoFiles, .noFolder, .incomplete, .damagedGzip, .wrongMagic, .channelsLast,
      .truncated, .noList, .noPictures, .noClassFolders, .oneClassFolder, .noSuchClass,
      .noLabelNamed,
      .noSuchAttribute, .noneListed, .brokenTable, .noDatabase, .brokenDatabase, .brokenArchive,
      .brokenMATLAB, .transfer, .brokenShards, .unreadablePictures, .trailingBytes, .brokenRecords,
      .labelOutOfRange, .zeroSize, .wrongChannels, .oversized,
      .countMismatch, .noLabels,
      .tooManyLabels, .wrongImageShape, .noBatch:
      false
    }
  }
}

extension DatasetProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let problem): problem.description
    case .notFound(let source, let file, let folder, let origin, let instead):
      "\(source.rawValue): the file \(file) (or \(file).gz) was not found in "
        + "\(folder.visible) (\(origin.rawValue))"
        + (instead.map { "; it is in \($0.visible): write --data \($0.visible)" } ?? "")
    case .needsNoFiles(let source, let folder):
      "\(source.rawValue): the program draws these images, and reads nothing of \(folder.visible), "
        + "which --data names: remove --data, or name another source with --set data.source=…"
    case .noFolder(let source, let folder, let origin):
      "\(source.rawValue): there is no folder \(folder.visible), which \(origin.rawValue) names"
    case .incomplete(let source, let folder, let file, let found):
      "\(source.rawValue): \(folder.visible) has no \(file) (or \(file).gz); it has "
        + Self.list(found)
    case .damagedGzip(let path, let offset, let reason):
      "\(path.visible): damaged gzip data before byte \(offset): \(reason)"
    case .wrongMagic(let path, let expected, let found, let hint):
      "\(path.visible): byte 0: expected the magic number \(hexadecimal(expected)), "
        + "found \(hexadecimal(found))" + (hint.map { "; \($0)" } ?? "")
    case .channelsLast(let path, let sizes):
      "\(path.visible): byte 4: the sizes "
        + sizes.map(String.init).joined(separator: " × ")
        + " look like count, height, width, channels; IDX images here are count, channels, "
        + "height, width: write them with `images.transpose(0, 3, 1, 2)`"
    case .truncated(let path, let expected, let found):
      "\(path.visible): truncated: the data end after \(found) of \(expected) bytes"
    case .trailingBytes(let path, let expected):
      "\(path.visible): byte \(expected): expected the end of the data, found more"
    case .brokenRecords(let path, let size, let found, let content):
      "\(path.visible): expected records of \(size.grouped) bytes each, found \(found.grouped) bytes, "
        + (found % size == 0
          ? "no record" : "\(found / size) records and \(found % size) bytes more")
        + (content.map { "; \($0.sentence)" } ?? "")
    case .labelOutOfRange(let path, let offset, let found, let classes):
      "\(path.visible): byte \(offset): found the label \(found), expected 0 to \(classes - 1)"
    case .zeroSize(let path, let offset, let dimension):
      "\(path.visible): byte \(offset): expected a positive \(dimension), found 0"
    case .wrongChannels(let path, let offset, let found):
      "\(path.visible): byte \(offset): expected 1 or 3 channels, found \(found)"
    case .oversized(let path, let sizes, let limit):
      "\(path.visible): byte 4: the header declares "
        + sizes.map(String.init).joined(separator: " × ")
        + " bytes, at most \(limit.grouped) are possible"
    case .countMismatch(let images, let imageCount, let labels, let labelCount):
      "\(images.visible) has \(imageCount) images, \(labels.visible) has \(labelCount) labels"
    case .noPath(let source, nil, let tried, _):
      "\(source.rawValue): where are the pictures? Write `data: {source: \(source.rawValue), path: "
        + "FOLDER}` or --data FOLDER; there is no \(Self.paths(tried))"
    case .noPath(let source, let path?, let tried, let origin):
      "\(source.rawValue): \(path.visible) was not found (\(origin.rawValue)); there is no "
        + Self.paths(tried)
    case .noList(let path, let tried):
      "\(path.visible), which the spec names, was not found; there is no \(Self.paths(tried))"
    case .noPictures(let path, let found):
      "\(path.visible) has no pictures (PNG, JPEG, WebP) in it or in its folders; "
        + (found.isEmpty ? "it is empty" : "it has " + Self.list(found))
    case .noClassFolders(let path, let example, let folders, let above):
      "\(path.visible): the classes are the folders on the first level, "
        + (folders == 0
          ? "but there are none"
          : "but \(example.visible) lies beside the \(folders.counted("folder"))")
        + (above.map { ": write --data \($0.visible)" } ?? ": remove `condition`, or sort the "
          + "pictures into a folder for each class")
    case .oneClassFolder(let path, let below):
      "\(path.visible): the classes are the folders on the first level, but "
        + "there is only one: write --data \(below.visible)"
    case .noSuchClass(let path, let name, let found):
      "\(path.visible) has no folder '\(name.visible)', which `classes` names; it has "
        + Self.list(found)
    case .noLabelNamed(let path, let names):
      "\(path.visible): which attribute is the label? Write `label: \(names[0].visible)`, or another of "
        + Self.list(names)
    case .noSuchAttribute(let path, let name, let found):
      "\(path.visible) has no attribute '\(name.visible)', which `label` names; it has "
        + Self.list(found)
    case .noneListed(let path, let root, let example):
      "\(path.visible) lists none of the pictures in \(root.visible), such as \(example.visible)"
    case .brokenTable(let path, let line, let reason): "\(path.visible):\(line): \(reason)"
    case .noDatabase(let path, let found, let instead):
      "\(path.visible): expected a folder with data.mdb, as LSUN's archives have it; "
        + (found.isEmpty ? "it is empty" : "it has " + Self.list(found))
        + (instead.map { "; a database is in \($0.visible): write --data \($0.visible)" } ?? "")
    case .brokenDatabase(let path, let reason): "\(path.visible): damaged LMDB database: \(reason)"
    case .brokenArchive(let path, let reason): "\(path.visible): damaged archive: \(reason)"
    case .transfer(let address, let reason): "\(address.visible): \(reason.visible)"
    case .brokenShards(let pattern, let reason): "\(pattern.visible): \(reason)"
    case .brokenMATLAB(let path, let reason): "\(path.visible): \(reason)"
    case .unreadablePictures(let dataset, let count, let found):
      "\(dataset): \(found.count) of \(count.counted("picture")) cannot be read, more than 1 in 100; "
        + "the first: \(found.first?.fault.description ?? "none"); `dcgan-run SPEC data check` lists "
        + "all and writes what `data: {skip: …}` leaves out"
    case .noLabels(let dataset, let classes):
      "\(dataset) has no labels, and the spec has \(classes) classes: remove `condition`"
    case .tooManyLabels(let dataset, let labels, let classes):
      "\(dataset) has labels from 0 to \(labels - 1), and the spec has \(classes) classes: write "
        + "`condition: {classes: \(labels)}`"
    case .wrongImageShape(let dataset, let found, let expected):
      "the images of \(dataset) are \(found), the spec asks for \(expected): change `image`, or "
        + "write `data: {source: \(DataSource.digits.rawValue)}`, which are drawn in any size"
    case .noBatch(let dataset, let images, let batch, let limit?):
      "--limit \(limit) leaves \(images.counted("image")) of \(dataset), fewer than one batch of "
        + "\(batch): write a larger --limit, or --batch \(images)"
    case .noBatch(let dataset, let images, let batch, nil):
      "\(dataset) has \(images.counted("image")), fewer than one batch of \(batch): write "
        + "--batch \(images)"
    }
  }

  /// The first names of a folder, and how many more there are.
  static func list(_ names: [String]) -> String {
    let shown = names.prefix(6).map { $0.excerpt(40) }.joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }

  private static func paths(_ paths: [String]) -> String {
    paths.map(\.visible).joined(separator: ", ")
  }

  private func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
