/// Why a file cannot be read.
public enum SourceFileProblem: Error, Hashable, Sendable, CustomStringConvertible {
  case missing(path: String)
  case isDirectory(path: String)
  /// A pipe, a device, a socket.
  case notAFile(path: String)
  case tooLarge(path: String, bytes: Int, limit: Int)
  /// The system's own words: "Permission denied".
  case unreadable(path: String, reason: String)

  /// One sentence without a full stop.
  public var description: String {
    switch self {
    case .missing(let path): "\(path): there is no such file"
    case .isDirectory(let path): "\(path): this is a folder, not a file"
    case .notAFile(let path): "\(path): this is not an ordinary file"
    case .tooLarge(let path, let bytes, let limit):
      "\(path): the file has \(bytes) bytes, the limit is \(limit)"
    case .unreadable(let path, let reason): "\(path): the file cannot be read (\(reason))"
    }
  }
}
