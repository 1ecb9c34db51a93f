import Files

/// Why an image could not be decoded or encoded.
package enum ImageProblem: Error, Equatable, Sendable {
  /// Nothing that a codec here reads; `content` where it is recognised as something else.
  case notPicture(path: String, content: FileContent?, length: Int)
  /// `reason` in the codec's words.
  case damaged(path: String, format: PictureFormat, reason: String)
  case tooLarge(path: String, height: Int, width: Int, limit: Int)
  /// The file is too short for the pixels it announces, however well they were compressed.
  case tooShort(path: String, height: Int, width: Int, length: Int)
  /// A codec could not encode, which needs memory and nothing else.
  case cannotEncode(height: Int, width: Int, reason: String)
}

extension ImageProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notPicture(let path, _, length: 0): "\(path.visible) is empty"
    case .notPicture(let path, let content, _):
      "\(path.visible): expected a picture ("
        + PictureFormat.allCases.map(\.rawValue).joined(separator: ", ") + ")"
        + (content.map { "; \($0.sentence)" } ?? ", found something else")
    case .damaged(let path, let format, let reason):
      "\(path.visible): damaged \(format.rawValue): \(reason.visible)"
    case .tooLarge(let path, let height, let width, let limit):
      "\(path.visible): an image of \(height) × \(width) is declared, at most \(limit) pixels "
        + "are read"
    case .tooShort(let path, let height, let width, let length):
      "\(path.visible): an image of \(height) × \(width) is declared, "
        + "more than \(length) bytes can hold"
    case .cannotEncode(let height, let width, let reason):
      "cannot encode an image of \(height) × \(width): \(reason)"
    }
  }
}
