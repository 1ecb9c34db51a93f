import Diagnostics

extension Node.Scalar {
  /// Where the characters `range` of `text` (in code points) stand in the file.
  ///
  /// The whole scalar where that cannot be told: it was folded from several lines or has escapes.
  public func span(of range: Range<Int>) -> SourceSpan {
    let length = text.unicodeScalars.count
    guard span.start.line == span.end.line, range.lowerBound >= 0, range.upperBound <= length
    else { return span }
    let width = span.end.column - span.start.column
    let first: Int
    if width == length {
      first = span.start.column
    } else if isQuoted, width == length + 2 {
      first = span.start.column + 1
    } else {
      return span
    }
    return SourceSpan(
      file: span.file,
      start: SourcePosition(line: span.start.line, column: first + range.lowerBound),
      end: SourcePosition(line: span.start.line, column: first + range.upperBound))
  }

  /// A piece of the text as a scalar of its own, without the spaces around it.
  public func part(_ range: Range<Int>) -> Node.Scalar {
    let scalars = Array(text.unicodeScalars)
    var range = range.clamped(to: 0..<scalars.count)
    while let first = range.first, scalars[first] == " " {
      range = first + 1..<range.upperBound
    }
    while let last = range.last, scalars[last] == " " {
      range = range.lowerBound..<last
    }
    let piece = String(String.UnicodeScalarView(scalars[range]))
    return Node.Scalar(text: piece, isQuoted: false, span: span(of: range))
  }
}
