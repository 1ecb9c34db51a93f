import Diagnostics

/// Rows of cells under each other: text to the left, numbers to the right.
package struct TextTable {
  package enum Alignment {
    case left
    case right
  }

  package let alignments: [Alignment]
  package private(set) var rows: [[String]] = []

  package init(_ alignments: [Alignment]) { self.alignments = alignments }

  package mutating func add(_ cells: [String]) {
    precondition(cells.count == alignments.count, "\(cells.count) cells")
    rows.append(cells)
  }

  /// The width that each column needs.
  package var widths: [Int] {
    alignments.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
  }

  /// One line a row, two spaces between columns; `widths` may come from a larger set of tables.
  package func lines(widths: [Int]) -> [String] {
    rows.map { row in
      let cells = row.indices.map { column in
        let space = String(repeating: " ", count: max(widths[column] - row[column].count, 0))
        return alignments[column] == .left ? row[column] + space : space + row[column]
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
