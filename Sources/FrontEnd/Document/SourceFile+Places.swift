import Diagnostics

extension SourceFile {
  /// `position`, or the end of the file: libyaml counts one line more at the end of a file whose
  /// last line has no line break.
  func clamped(_ position: SourcePosition) -> SourcePosition {
    guard position.line > lineCount else { return position }
    return SourcePosition(line: lineCount, column: line(lineCount).unicodeScalars.count + 1)
  }

  /// `width` characters from `position` on.
  package func span(_ position: SourcePosition, width: Int = 0) -> SourceSpan {
    SourceSpan(
      file: self, start: position,
      end: SourcePosition(line: position.line, column: position.column + width))
  }

  /// From `position` to the end of its line, without trailing spaces.
  func lineSpan(from position: SourcePosition) -> SourceSpan {
    let text = line(position.line).unicodeScalars
    let width = text.reversed().drop { $0 == " " || $0 == "\t" }.count + 1 - position.column
    return span(position, width: Swift.max(width, 1))
  }

  /// The word that starts with `mark`, the first from `position` on in its line; one character
  /// where there is none.
  func word(_ mark: Unicode.Scalar, from position: SourcePosition) -> SourceSpan {
    let text = line(position.line).unicodeScalars.dropFirst(position.column - 1)
    guard let start = text.firstIndex(of: mark) else { return span(position, width: 1) }
    let column = position.column + text.distance(from: text.startIndex, to: start)
    let word = text[start...].prefix { !" \t,[]{}".unicodeScalars.contains($0) }
    return span(SourcePosition(line: position.line, column: column), width: word.count)
  }

  /// Where the block scalar ends that starts with `|` or `>` at `position` and reads `text`; libyaml
  /// does not say.
  func endOfBlock(_ text: String, from position: SourcePosition) -> SourcePosition {
    var end = lineSpan(from: position).end
    let textLines = text.split(separator: "\n", omittingEmptySubsequences: true)
    guard let first = textLines.first else { return end }
    // Blanks beyond the block's indentation are part of the text.
    var indentation: Int?
    var number = position.line + 1
    while number <= lineCount {
      let line = self.line(number).unicodeScalars
      let spaces = line.prefix { $0 == " " }.count
      if spaces < line.count {
        let own = indentation ?? (spaces - first.prefix { $0 == " " }.count)
        indentation = own
        if spaces < own { break }
        end = SourcePosition(line: number, column: line.count + 1)
      }
      number += 1
    }
    return end
  }
}

extension SourceFile {
  /// Two spaces for each tab that lines are indented with; tabs in block texts are text.
  var tabsToSpaces: [Repair.Edit] {
    let texts = linesOfBlockTexts
    return TabIndentation.byLine(of: self).sorted { $0.key < $1.key }.compactMap { number, tab in
      if texts.contains(number) { return nil }
      let text = line(number).unicodeScalars.prefix(tab.contentColumn - 1)
      let spaces = text.reduce("") { $0 + ($1 == "\t" ? "  " : String($1)) }
      let start = SourcePosition(line: number, column: 1)
      return Repair.Edit(span(start, width: tab.contentColumn - 1), spaces)
    }
  }
}

extension SourceFile {
  /// The lines of texts that begin with `|` or `>`: those indented at least as their first one.
  private var linesOfBlockTexts: Set<Int> {
    var result: Set<Int> = []
    /// The spaces before the text; nil until its first line.
    var text: (parent: Int, indent: Int?)?
    for number in 1...max(1, lineCount) {
      let line = line(number)
      let spaces = line.prefix { $0 == " " }.count
      let isEmpty = line.allSatisfy(\.isWhitespace)
      if let open = text, isEmpty || spaces >= open.indent ?? (open.parent + 1) {
        if !isEmpty, open.indent == nil { text?.indent = spaces }
        result.insert(number)
        continue
      }
      // `|2-` and comments may follow the sign.
      let head = line.split(separator: " #").first ?? ""
      let end = head.reversed().drop { $0.isWhitespace || $0.isNumber || "+-".contains($0) }
      text = end.first == "|" || end.first == ">" ? (spaces, nil) : nil
    }
    return result
  }
}

/// A tab in the indentation of a line.
struct TabIndentation {
  let column: Int
  /// Where the text of the line starts.
  let contentColumn: Int

  /// By line, from 1.
  static func byLine(of file: SourceFile) -> [Int: TabIndentation] {
    var result: [Int: TabIndentation] = [:]
    var (line, column, tab) = (1, 1, 0)
    var isIndentation = true
    for byte in file.bytes {
      switch byte {
      case UInt8(ascii: "\n"):
        (line, column, tab) = (line + 1, 0, 0)
        isIndentation = true
      case UInt8(ascii: " "): break
      case UInt8(ascii: "\t"): if isIndentation, tab == 0 { tab = column }
      default:
        if isIndentation, tab > 0 {
          result[line] = TabIndentation(column: tab, contentColumn: column)
        }
        isIndentation = false
      }
      column += 1
    }
    return result
  }
}
