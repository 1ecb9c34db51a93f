import Decoding
import Diagnostics

/// Where the real images come from.
public struct DataSpec: Hashable, Sendable {
  /// Checked against the known formats when data is opened.
  ///
  /// `digits`, which the program draws itself, unless the spec says otherwise.
  public let source: String
  public let sourceSpan: SourceSpan
  /// The source to use where the first is not there.
  public let fallback: String?
  public let fallbackSpan: SourceSpan?
  /// Below the source's own folder.
  public let path: String?
}

extension DataSpec {
  /// Reads `data: {source: mnist, fallback: digits, path: train}`.
  init(reading spec: inout OptionReader) {
    var options = spec.section("data", help: "where the real images come from")
    let source = options.text("source", default: "digits", help: "the format, such as mnist")
    let fallback = options.optionalText(
      "fallback", help: "the source to use where the files of the first are missing")
    let path = options.optionalText("path", help: "file or folder below the source's own folder")
    self.init(
      source: source, sourceSpan: options.span(of: "source"), fallback: fallback,
      fallbackSpan: fallback.map { _ in options.span(of: "fallback") }, path: path)
    spec.absorb(options)
  }
}
