import Decoding
import Diagnostics
import Document

/// Where the real images come from.
public struct DataSpec: Hashable, Sendable {
  /// `digits`, which the program draws itself, by default.
  public let source: DataSource
  public let sourceSpan: SourceSpan
  /// The source to use where the files of the first are missing.
  public let fallback: DataSource?
  public let fallbackSpan: SourceSpan?
  /// How the images are chosen and prepared.
  public var reading: DataReading
}

extension DataSpec {
  /// Reads `data: {source: lsun, path: bedroom_train_lmdb, fallback: digits}`.
  init(reading spec: inout OptionReader) {
    var options = spec.section("data", help: "where the real images come from")
    let source =
      options.choice("source", default: DataSource.digits, help: "the data set, or its form")
      ?? .digits
    let fallback = options.optionalChoice(
      "fallback", of: DataSource.self,
      help: "the source to use where the files of the first are missing")
    // After a misspelled source, nobody knows what it would read.
    let isKnown = options.readsChoice("source", of: DataSource.self)
    let reading = DataReading(reading: &options, for: isKnown ? source : nil)
    // A spec that changes only the source of its parent cannot take the fallback away.
    let isInherited = options.span(of: "fallback").file !== options.span(of: "source").file
    if isKnown, !isInherited, let fallback, fallback == source || !source.needsFiles {
      options.reportUseless(
        "fallback",
        fallback == source
          ? "the fallback is the source itself"
          : "`\(source.rawValue)` needs no files, so its fallback is never used")
    }
    self.init(
      source: source, sourceSpan: options.span(of: "source"), fallback: fallback,
      fallbackSpan: fallback.map { _ in options.span(of: "fallback") }, reading: reading)
    spec.absorb(options)
  }
}
