import Diagnostics

/// What can be wrong with the section `data` of a spec.
///
/// The examples replace a part of a spec in the file `spec.yaml`.
public enum DataCode: String, CodeTable {
  case unreadableSource = "D601"
  case uselessOption = "D602"

  public var severity: Diagnostic.Severity {
    switch self {
    case .unreadableSource: .note
    case .uselessOption: .warning
    }
  }

  public var entry: CodeEntry {
    switch self {
    case .unreadableSource:
      CodeEntry(
        "a data source that this version cannot read",
        "The spec can be checked, shown and measured, but `dcgan-run` cannot train on the source. "
          + "Train on another one with `--set data.source=digits`, or name a `fallback`.",
        example: "data: {source: svhn}")
    case .uselessOption:
      CodeEntry(
        "an option of `data` that has no effect",
        "Some sources have files of fixed names and read no `path`; a source that needs no files "
          + "never uses its `fallback`.",
        example: "data: {source: mnist, path: train}",
        clean: "data: {source: mnist}")
    }
  }
}
