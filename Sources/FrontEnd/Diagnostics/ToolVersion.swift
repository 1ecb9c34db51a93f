/// The version of both commands, as `--version`, manual pages and SARIF print it.
public enum ToolVersion {
  public static let text = "0.1.0"
}
