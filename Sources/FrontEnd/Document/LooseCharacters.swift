import Diagnostics

/// The `#` and `?` of a file that stand between libyaml's events, where it is lenient.
///
/// It begins a comment without a space before it, and takes a `?` directly before a word for a sign
/// inside of `{ }` and `[ ]`; other readers do not.
struct LooseCharacters {
  private struct Sign {
    let position: SourcePosition
    let kind: Kind
  }

  private enum Kind {
    /// A `#` after a space, or at the start of a line.
    case comment
    case touchingComment
    case questionMark
  }

  private let file: SourceFile
  /// In the order of the file.
  private let signs: [Sign]
  /// Those before it have been passed.
  private var next = 0

  init(_ file: SourceFile) {
    self.file = file
    var signs: [Sign] = []
    var (line, column, before) = (1, 1, UInt8(ascii: "\n"))
    for (index, byte) in file.bytes.enumerated() {
      let position = SourcePosition(line: line, column: column)
      switch byte {
      case UInt8(ascii: "#"):
        signs.append(Sign(position: position, kind: before.isBlank ? .comment : .touchingComment))
      case UInt8(ascii: "?"):
        let isLoose = index + 1 < file.bytes.count && !file.bytes[index + 1].isBlank
        if isLoose { signs.append(Sign(position: position, kind: .questionMark)) }
      case UInt8(ascii: "\n"): (line, column) = (line + 1, 0)
      default: break
      }
      // Columns count code points: their first bytes.
      if byte & 0xC0 != 0x80 { column += 1 }
      before = byte
    }
    self.signs = signs
  }

  /// What is wrong between two events; each question is about a place after the one before.
  mutating func problems(from start: SourcePosition, to end: SourcePosition) -> [Diagnostic] {
    while next < signs.count, signs[next].position < start { next += 1 }
    var (problems, commentLine) = ([Diagnostic](), 0)
    while next < signs.count, signs[next].position < end {
      let sign = signs[next]
      next += 1
      if sign.position.line == commentLine { continue }
      let span = file.span(sign.position, width: 1)
      switch sign.kind {
      case .comment: commentLine = sign.position.line
      case .touchingComment:
        commentLine = sign.position.line
        problems.append(.touchingComment(at: span))
      case .questionMark: problems.append(.looseQuestionMark(at: span))
      }
    }
    return problems
  }
}

extension UInt8 {
  fileprivate var isBlank: Bool {
    [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains(self)
  }
}
