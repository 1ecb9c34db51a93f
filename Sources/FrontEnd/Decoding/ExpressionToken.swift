import Diagnostics
import Document

/// A number, name or sign of an expression, and where it stands in the text.
struct ExpressionToken {
  let kind: Kind
  /// In code points from the start of the text.
  let range: Range<Int>

  enum Kind: Equatable {
    case number(Number)
    case name(String)
    case sign(Sign)
  }

  enum Sign: Unicode.Scalar, CaseIterable {
    case plus = "+"
    case minus = "-"
    case times = "*"
    case divide = "/"
    case power = "^"
    case open = "("
    case close = ")"
    case comma = ","
  }

  static func tokens(of scalar: Node.Scalar) throws(ExpressionProblem) -> [ExpressionToken] {
    let text = Array(scalar.text.unicodeScalars)
    if text.count > Expression.longestText { throw .tooLong(scalar, count: text.count) }
    var tokens: [ExpressionToken] = []
    var position = 0
    while position < text.count {
      let character = text[position]
      let token: ExpressionToken
      if character == " " || character == "\t" || character == "\n" {
        position += 1
        continue
      } else if let sign = Sign(rawValue: character) {
        token = ExpressionToken(kind: .sign(sign), range: position..<position + 1)
      } else if character.startsName {
        token = name(in: text, at: position)
      } else if character.isDigit || character == "." {
        token = try number(in: text, at: position, of: scalar)
      } else {
        throw .unexpectedCharacter(character, at: scalar.span(of: position..<position + 1))
      }
      tokens.append(token)
      position = token.range.upperBound
    }
    return tokens
  }

  private static func name(in text: [Unicode.Scalar], at start: Int) -> ExpressionToken {
    let end = text[start...].firstIndex { !$0.continuesName } ?? text.count
    return ExpressionToken(kind: .name(String(text[start..<end])), range: start..<end)
  }

  private static func number(
    in text: [Unicode.Scalar], at start: Int, of scalar: Node.Scalar
  ) throws(ExpressionProblem) -> ExpressionToken {
    // All that could be meant as one number, so that `0x1F` is refused as a whole.
    var end = start
    while end < text.count {
      let isExponentSign =
        (text[end] == "-" || text[end] == "+") && end > start
        && (text[end - 1] == "e" || text[end - 1] == "E")
        && text[start..<end - 1].allSatisfy { $0.isDigit || $0 == "." }
      guard text[end].continuesName || text[end] == "." || text[end] == ":" || isExponentSign
      else { break }
      end += 1
    }
    let written = String(text[start..<end])
    let span = scalar.span(of: start..<end)
    guard NumberNotation.isDecimal(written) else {
      throw .malformedNumber(written, at: span)
    }
    if written.unicodeScalars.allSatisfy(\.isDigit) {
      guard let value = Int(written) else { throw .literalOverflow(written, at: span) }
      return ExpressionToken(kind: .number(.integer(value)), range: start..<end)
    }
    guard let value = NumberNotation.fraction(written), value.isFinite else {
      throw .literalNotFinite(written, at: span)
    }
    return ExpressionToken(kind: .number(.fraction(value)), range: start..<end)
  }
}

extension String {
  fileprivate init(_ scalars: ArraySlice<Unicode.Scalar>) {
    self.init(String.UnicodeScalarView(scalars))
  }
}
