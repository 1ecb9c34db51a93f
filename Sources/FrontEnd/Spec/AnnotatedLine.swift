/// A line of the annotated spec, and what is said of it.
struct AnnotatedLine {
  var text = ""
  var comment: ValueComment?

  /// In columns.
  static let widest = 100

  /// Comments further right would be far from short lines.
  private static let widestAligned = 44

  /// All lines with their comments: aligned after short lines, above where there is no room.
  static func text(of lines: [AnnotatedLine]) -> String {
    let widths = lines.filter { $0.comment != nil }.map(\.width).filter { $0 <= widestAligned }
    let column = (widths.max() ?? 0) + 2
    return lines.flatMap { $0.laidOut(at: column) }.joined(separator: "\n") + "\n"
  }

  private var width: Int { text.unicodeScalars.count }

  private func laidOut(at column: Int) -> [String] {
    guard let comment else { return [text] }
    let start = max(column, width + 2)
    let lead = text + String(repeating: " ", count: start - width)
    let line = comment.onOneLine
    if start + line.unicodeScalars.count <= Self.widest { return [lead + line] }
    let lines = comment.lines(width: Self.widest - start)
    if start == column, lines.allSatisfy({ $0.unicodeScalars.count <= Self.widest - start }) {
      let margin = String(repeating: " ", count: start)
      return [lead + lines[0]] + lines.dropFirst().map { margin + $0 }
    }
    let indentation = String(text.prefix { $0 == " " })
    return comment.lines(width: Self.widest - indentation.count).map { indentation + $0 } + [text]
  }
}

extension ValueComment {
  fileprivate var onOneLine: String {
    "# " + place + (names.isEmpty ? "" : ", where " + names.joined(separator: ", "))
  }

  /// The place, and below it the names, as many in a line as fit.
  fileprivate func lines(width: Int) -> [String] {
    var lines: [String] = []
    for name in names {
      let longer = (lines.last ?? "") + ", " + name
      if lines.isEmpty {
        lines.append("#   where " + name)
      } else if longer.unicodeScalars.count < width {
        lines[lines.count - 1] = longer
      } else {
        lines[lines.count - 1] += ","
        lines.append("#     " + name)
      }
    }
    return ["# " + place] + lines
  }
}
