import Diagnostics

/// What can be wrong with the section `data` of a spec.
///
/// The examples replace a part of a spec in the file `spec.yaml`.
public enum DataCode: String, CodeTable {
  case uselessOption = "D602"

  public var severity: Diagnostic.Severity {
    switch self {
    case .uselessOption: .warning
    }
  }

  public var entry: CodeEntry {
    switch self {
    case .uselessOption:
      CodeEntry(
        "an option of `data` that has no effect",
        "Some sources have files of fixed names and read no `path`, or images of one size that "
          + "need no `fit`; a source that needs no files never uses its `fallback`.",
        example: "data: {source: mnist, path: train}",
        clean: "data: {source: mnist}")
    }
  }
}
