import Files
import Spec

/// Why a data set could not be found, opened or read.
package enum DatasetProblem: Error, Equatable, Sendable {
  case file(FileProblem)
  /// A source that specs may name, but that this version cannot open.
  case unreadableSource(DataSource)
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
    case .unreadableSource: true
    case .file, .needsNoFiles, .noFolder, .incomplete, .damagedGzip, .wrongMagic, .channelsLast,
      .truncated,
      .trailingBytes, .brokenRecords, .labelOutOfRange, .zeroSize, .wrongChannels, .oversized,
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
    case .unreadableSource(let source):
      "this version cannot read the data source '\(source.rawValue)'; it reads "
        + DataSource.readable.map(\.rawValue).joined(separator: ", ")
        + ": add '--set data.source=\(DataSource.digits.rawValue)' to train on drawn digits"
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
  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(6).map { $0.excerpt(40) }.joined(separator: ", ")
    return names.count > 6 ? "\(shown) and \(names.count - 6) more" : shown
  }

  private func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
