/// A change of the source that mends a problem, as data: `--fix` applies it.
public struct Repair: Sendable, Hashable {
  /// What it does, as a line of help: "write `norm: none`", "did you mean `stride`?".
  public let title: String
  /// Made together or not at all; they do not overlap.
  public let edits: [Edit]
  public let safety: Safety

  public init(_ title: String, _ safety: Safety, _ edits: [Edit]) {
    self.title = title
    self.safety = safety
    self.edits = edits
  }

  /// One replacement.
  public init(_ title: String, _ safety: Safety, _ span: SourceSpan, _ replacement: String) {
    self.init(title, safety, [Edit(span, replacement)])
  }

  /// A text that replaces a piece of the source; an empty piece is an insertion.
  public struct Edit: Sendable, Hashable {
    public let span: SourceSpan
    public let replacement: String

    public init(_ span: SourceSpan, _ replacement: String) {
      self.span = span
      self.replacement = replacement
    }
  }

  public enum Safety: String, Sendable, Hashable, CaseIterable {
    /// What was meant is clear; a spec that works keeps its meaning.
    case safe
    /// A guess, or a change of what the networks compute: `--fix --unsafe`.
    case unsafe
  }
}

extension Diagnostic {
  /// The repair that `--fix`, or `--fix --unsafe`, makes: the first that is allowed.
  public func repair(upTo safety: Repair.Safety) -> Repair? {
    repairs.first { safety == .unsafe || $0.safety == .safe }
  }
}

extension SourceFile {
  /// The text after `edits`, which do not overlap; all else is kept byte for byte.
  public func applying(_ edits: [Repair.Edit]) -> SourceFile {
    var (result, copied) = ([UInt8](), 0)
    for edit in edits.sorted(by: { $0.span.start < $1.span.start }) {
      let range = byteRange(of: edit.span)
      guard range.lowerBound >= copied else { continue }
      result += bytes[copied..<range.lowerBound]
      result += Array(edit.replacement.utf8)
      copied = range.upperBound
    }
    return SourceFile(path: path, bytes: result + bytes[copied...])
  }

  private func byteRange(of span: SourceSpan) -> Range<Int> {
    let start = byteOffset(of: span.start)
    return start..<max(start, byteOffset(of: span.end))
  }
}
