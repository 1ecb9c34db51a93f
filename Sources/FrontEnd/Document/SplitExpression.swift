import Diagnostics

/// The pieces of an expression such as `min(a, b)` that commas have split inside of `{ }` or `[ ]`.
///
/// The first piece has a parenthesis that nothing closes, the last closes it.
struct SplitExpression {
  let whole: Node.Scalar
  /// Where the first piece ends.
  private let firstEnd: SourcePosition

  /// In bytes; nobody writes more in one line, and a hostile text is not worth the comparison.
  private static let longest = 200

  /// Whether all parentheses are closed now.
  var isComplete: Bool { whole.text.openParentheses == 0 }

  /// Two neighbours inside of `{ }` or `[ ]`; nil where they are no pieces of one expression.
  init?(_ first: Node, _ second: Node.Scalar, after earlier: SplitExpression?) {
    guard case .scalar(let first) = first, !first.isQuoted, !second.isQuoted,
      first.text.utf8.count + second.text.utf8.count < Self.longest,
      first.text.openParentheses > 0
    else { return nil }
    let span = SourceSpan(file: first.span.file, start: first.span.start, end: second.span.end)
    let isOneLine = span.start.line == span.end.line
    whole = Node.Scalar(
      text: isOneLine ? span.text : "\(first.text), \(second.text)", isQuoted: false, span: span)
    firstEnd = earlier?.firstEnd ?? first.span.end
  }

  /// Y107, at the first comma.
  var diagnostic: Diagnostic {
    let (file, span) = (whole.span.file, whole.span)
    let line = file.line(firstEnd.line).unicodeScalars.dropFirst(firstEnd.column - 1)
    let comma = SourcePosition(
      line: firstEnd.line, column: firstEnd.column + line.prefix { $0 == " " }.count)
    let title = "put it in quotes: inside { } and [ ] a comma ends a value"
    let isPlain = !file.hasComment(from: span.start, to: span.end)
    let quotes = [span.start, span.end].map { Repair.Edit(file.span($0), "\"") }
    return Diagnostic(
      YAMLCode.splitExpression, "a comma splits the expression \(whole.text.quotedExcerpt)",
      at: file.span(comma, width: 1), help: isPlain ? [] : [title],
      repairs: isPlain ? [Repair(title, .safe, quotes)] : [])
  }
}

extension String {
  /// How many more parentheses are opened than closed.
  fileprivate var openParentheses: Int {
    utf8.reduce(0) {
      $0 + ($1 == UInt8(ascii: "(") ? 1 : 0) - ($1 == UInt8(ascii: ")") ? 1 : 0)
    }
  }
}
