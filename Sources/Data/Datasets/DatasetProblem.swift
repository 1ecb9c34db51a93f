import Files
import Spec

/// Why a data set could not be found, opened or read.
package enum DatasetProblem: Error, Equatable, Sendable {
  case file(FileProblem)
  /// A source that specs may name, but that this version cannot open.
  case unreadableSource(DataSource)
  case notFound(source: String, file: String, places: [DatasetLocator.Place])

  /// Gzip data that cannot be inflated; `offset` counts compressed bytes.
  case damagedGzip(path: String, offset: Int, reason: String)

  // In the following, offsets and lengths count bytes of the data, after inflating.
  case wrongMagic(path: String, expected: UInt32, found: UInt32, hint: String?)
  case truncated(path: String, expected: Int, found: Int)
  case trailingBytes(path: String, expected: Int)
  case zeroSize(path: String, offset: Int, dimension: String)
  case wrongChannels(path: String, offset: Int, found: UInt32)
  /// The header promises more than memory, or more than the file can hold.
  case oversized(path: String, sizes: [UInt32], limit: Int)
  case labelOutOfRange(path: String, offset: Int, item: Int, found: Int, count: Int)
  case countMismatch(images: String, imageCount: Int, labels: String, labelCount: Int)

  case wrongImageShape(dataset: String, found: ImageShape, expected: ImageShape)
  case noBatch(dataset: String, images: Int, batch: Int)
}

extension DatasetProblem {
  /// Whether the data set is not there at all, so that another may take its place.
  package var isAbsence: Bool {
    switch self {
    case .notFound, .unreadableSource: true
    case .file, .damagedGzip, .wrongMagic, .truncated, .trailingBytes, .zeroSize, .wrongChannels,
      .oversized, .labelOutOfRange, .countMismatch, .wrongImageShape, .noBatch:
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
    case .notFound(let source, let file, let places):
      "\(source): the file \(file) (or \(file).gz) was not found in "
        + places.map { "\($0.folder.visible) (\($0.origin))" }.joined(separator: ", ")
    case .damagedGzip(let path, let offset, let reason):
      "\(path.visible): damaged gzip data before byte \(offset): \(reason)"
    case .wrongMagic(let path, let expected, let found, let hint):
      "\(path.visible): byte 0: expected the magic number \(hexadecimal(expected)), "
        + "found \(hexadecimal(found))" + (hint.map { "; \($0)" } ?? "")
    case .truncated(let path, let expected, let found):
      "\(path.visible): truncated: the data end after \(found) of \(expected) bytes"
    case .trailingBytes(let path, let expected):
      "\(path.visible): byte \(expected): expected the end of the data, found more"
    case .zeroSize(let path, let offset, let dimension):
      "\(path.visible): byte \(offset): expected a positive \(dimension), found 0"
    case .wrongChannels(let path, let offset, let found):
      "\(path.visible): byte \(offset): expected 1 or 3 channels, found \(found)"
    case .oversized(let path, let sizes, let limit):
      "\(path.visible): byte 4: the header declares "
        + sizes.map(String.init).joined(separator: " × ") + " bytes, at most \(limit) are possible"
    case .labelOutOfRange(let path, let offset, let item, let found, let count):
      "\(path.visible): byte \(offset): item \(item) has the label \(found), "
        + "expected 0 to \(count - 1)"
    case .countMismatch(let images, let imageCount, let labels, let labelCount):
      "\(images.visible) has \(imageCount) images, \(labels.visible) has \(labelCount) labels"
    case .wrongImageShape(let dataset, let found, let expected):
      "the images of \(dataset) are \(found), the spec asks for \(expected): change `image`, or "
        + "write `data: {source: \(DataSource.digits.rawValue)}`, which are drawn in any size"
    case .noBatch(let dataset, let images, let batch):
      "\(dataset) has \(images) images, fewer than one batch of \(batch)"
    }
  }

  private func hexadecimal(_ number: UInt32) -> String {
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
