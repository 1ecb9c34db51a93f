/// A line of source as it is shown, and the marks under it.
struct SourceExcerpt {
  let file: SourceFile
  let number: Int
  /// Without control characters and tabs; cut to the window, with `…` where it continues.
  let text: String
  /// Display columns from 0, display widths of at least 1.
  private(set) var marks: [(offset: Int, width: Int, label: Diagnostic.Label)] = []

  /// The code points that are shown, from 0.
  private let range: Range<Int>
  /// Where each of them starts in `text`, and after the last one, where it ends.
  private let offsets: [Int]
  private let lineLength: Int

  /// Shows at most `width` columns of `line`, with those around `column` (from 1) among them.
  init(
    of line: [Unicode.Scalar], number: Int, in file: SourceFile, around column: Int, width: Int
  ) {
    self.file = file
    self.number = number
    lineLength = line.count
    let center = min(max(column - 1, 0), line.count)
    // Nothing further away can be in the window: no code point but a combining one is narrower.
    let near = max(0, center - width)..<min(line.count, center + width + 1)
    let cells = DisplayCell.cells(of: line[near])

    // Grow from the centre: a third to the left, the rest to the right, what is left to the left.
    func fitting(_ budget: Int, _ indices: some Sequence<Int>) -> (count: Int, width: Int) {
      var (count, used) = (0, 0)
      for index in indices {
        guard used + cells[index - near.lowerBound].width <= budget else { break }
        used += cells[index - near.lowerBound].width
        count += 1
      }
      return (count, used)
    }
    let left = fitting(width / 3, (near.lowerBound..<center).reversed())
    let right = fitting(width - left.width, center..<near.upperBound)
    let more = fitting(
      width - left.width - right.width, (near.lowerBound..<center - left.count).reversed())
    range = center - left.count - more.count..<center + right.count

    var (text, x, offsets) = (
      range.lowerBound > 0 ? "…" : "", range.lowerBound > 0 ? 1 : 0, [Int]()
    )
    for index in range {
      offsets.append(x)
      let cell = cells[index - near.lowerBound]
      text += cell.text
      x += cell.width
    }
    self.offsets = offsets + [x]
    self.text = range.upperBound < line.count ? text + "…" : text
  }

  /// Whether the start of the span is in the window.
  func shows(_ span: SourceSpan) -> Bool {
    span.file === file && span.start.line == number
      && (range.contains(span.start.column - 1)
        || range.upperBound == lineLength
          && span.start.column - 1 >= range.lowerBound)
  }

  /// Adds a mark under a span that starts in the window; of one that continues in other lines, under
  /// the first.
  mutating func mark(_ label: Diagnostic.Label) {
    let (start, end) = (label.span.start, label.span.end)
    let from = offset(of: start.column)
    let to = offset(of: end.line > start.line ? lineLength + 1 : end.column)
    marks.append((from, max(1, to - from), label))
  }

  private func offset(of column: Int) -> Int {
    offsets[min(max(column - 1, range.lowerBound), range.upperBound) - range.lowerBound]
  }
}

/// The code points of source lines; remembers the last line, which may be long and have many
/// problems.
struct SourceLines {
  private var last: (file: SourceFile, number: Int, scalars: [Unicode.Scalar])?

  mutating func line(_ number: Int, of file: SourceFile) -> [Unicode.Scalar] {
    if let last, last.file === file, last.number == number { return last.scalars }
    let scalars = Array(file.line(number).unicodeScalars)
    last = (file, number, scalars)
    return scalars
  }
}
