/// Why an image could not be decoded or encoded.
package enum ImageProblem: Error, Equatable, Sendable {
  case notPNG(path: String)
  /// `reason` in libpng's words.
  case damaged(path: String, reason: String)
  case tooLarge(path: String, height: Int, width: Int, limit: Int)
  /// The file is too short for the pixels it announces, however well they were compressed.
  case tooShort(path: String, height: Int, width: Int, length: Int)
  /// libpng could not encode, which needs memory and nothing else.
  case cannotEncode(height: Int, width: Int, reason: String)
}

extension ImageProblem: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notPNG(let path): "\(path) is not a PNG file"
    case .damaged(let path, let reason): "\(path): damaged PNG: \(reason)"
    case .tooLarge(let path, let height, let width, let limit):
      "\(path): an image of \(height) × \(width) is declared, at most \(limit) pixels are read"
    case .tooShort(let path, let height, let width, let length):
      "\(path): an image of \(height) × \(width) is declared, "
        + "more than \(length) bytes can hold"
    case .cannotEncode(let height, let width, let reason):
      "cannot encode an image of \(height) × \(width) as PNG: \(reason)"
    }
  }
}
