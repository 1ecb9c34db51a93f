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
  /// A file or folder; see `DataSource.takesPath`.
  public let path: String?
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
    let path = options.optionalText(
      "path", help: "file or folder, of sources that have no fixed names")
    // After a misspelled source, nobody knows what it would read.
    let isKnown = options.readsChoice("source", of: DataSource.self)
    if isKnown, path != nil, !source.takesPath {
      options.reportUseless(
        "path", "`\(source.rawValue)` reads no `path`: \(source.files)")
    }
    if isKnown, let fallback, fallback == source || !source.needsFiles {
      options.reportUseless(
        "fallback",
        fallback == source
          ? "the fallback is the source itself"
          : "`\(source.rawValue)` needs no files, so its fallback is never used")
    }
    self.init(
      source: source, sourceSpan: options.span(of: "source"), fallback: fallback,
      fallbackSpan: fallback.map { _ in options.span(of: "fallback") }, path: path)
    spec.absorb(options)
  }
}

extension DataSource {
  fileprivate var files: String {
    needsFiles ? "its files have fixed names" : "the program draws its images"
  }
}

extension DataSpec {
  /// What this version cannot open, though the spec is right to name it.
  public var unreadableSources: [Diagnostic] {
    var notes: [Diagnostic] = []
    if !source.isReadable {
      let usable = fallback.flatMap { $0.isReadable ? $0 : nil }
      notes.append(
        .unreadable(
          source, at: sourceSpan,
          help: usable.map { "training uses the fallback `\($0.rawValue)`" }))
    }
    if let fallback, let fallbackSpan, !fallback.isReadable {
      notes.append(.unreadable(fallback, at: fallbackSpan, help: nil))
    }
    return notes
  }
}

extension Diagnostic {
  fileprivate static func unreadable(
    _ source: DataSource, at span: SourceSpan, help: String?
  ) -> Diagnostic {
    let readable = DataSource.readable.map { "`\($0.rawValue)`" }.joined(separator: ", ")
    return Diagnostic(
      DataCode.unreadableSource, "this version cannot read `\(source.rawValue)` yet", at: span,
      help: [
        help
          ?? "this version reads \(readable); train on drawn digits with "
          + "`--set data.source=\(DataSource.digits.rawValue)`"
      ])
  }
}

extension OptionReader {
  /// Warns of an option that changes nothing, and removes it.
  fileprivate mutating func reportUseless(_ key: String, _ message: String) {
    report(
      Diagnostic(
        DataCode.uselessOption, message, at: span(of: key),
        repairs: removal(of: key).map { [Repair("remove `\(key)`", .safe, [$0])] } ?? []))
  }
}
