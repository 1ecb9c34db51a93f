import Diagnostics
import Document
import Spec

/// Where a spec argument's text comes from.
enum SpecSource {
  case file(path: String)
  case standardInput

  /// `-` is standard input; all else is found by `SpecLocator`.
  init(_ argument: String) throws(SpecNotFound) {
    self =
      argument == "-" ? .standardInput : .file(path: try SpecLocator().path(of: argument))
  }

  /// As messages show it.
  var path: String {
    switch self {
    case .file(let path): path
    case .standardInput: SourceFile.standardInputPath
    }
  }

  func read() throws(SourceFileProblem) -> SourceFile {
    switch self {
    case .file(let path): try SourceFile.read(path: path)
    case .standardInput: try SourceFile.readStandardInput()
    }
  }
}
