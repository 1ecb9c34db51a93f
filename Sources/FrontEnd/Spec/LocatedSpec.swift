import Diagnostics
import Document

/// What a spec argument of a command means: a file on disk, or a spec inside the program.
public enum LocatedSpec: Sendable {
  case file(path: String)
  case shipped(SourceFile)

  /// As messages show it.
  public var path: String {
    switch self {
    case .file(let path): path
    case .shipped(let file): file.path
    }
  }

  /// Where the file lies; nil for a spec that came with the program.
  public var folder: String? {
    switch self {
    case .file(let path):
      path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    case .shipped: nil
    }
  }

  public func read() throws(SourceFileProblem) -> SourceFile {
    switch self {
    case .file(let path): try SourceFile.read(path: path)
    case .shipped(let file): file
    }
  }
}
