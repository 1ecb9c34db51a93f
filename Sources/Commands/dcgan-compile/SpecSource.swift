import Diagnostics
import Document
import Spec

/// Where a spec argument's text comes from.
enum SpecSource {
  case located(LocatedSpec)
  case standardInput

  /// `-` is standard input; all else is found by `SpecLocator`.
  init(_ argument: String) throws(SpecNotFound) {
    self = argument == "-" ? .standardInput : .located(try SpecLocator().spec(for: argument))
  }

  /// As messages show it.
  var path: String {
    switch self {
    case .located(let spec): spec.path
    case .standardInput: SourceFile.standardInputPath
    }
  }

  func read() throws(SourceFileProblem) -> SourceFile {
    switch self {
    case .located(let spec): try spec.read()
    case .standardInput: try SourceFile.readStandardInput()
    }
  }
}
