/// What changes between two texts, line by line, as `diff -u` writes it; empty where nothing does.
///
/// Each change stands between up to three lines that stay.
public func unifiedDiff(from old: SourceFile, to new: SourceFile) -> String {
  let (before, after) = (old.diffLines, new.diffLines)
  let changes = after.difference(from: before)
  if changes.isEmpty { return "" }
  let removed = Set(changes.removals.map(\.position))
  let inserted = Set(changes.insertions.map(\.position))

  // One entry for each line of the result: how it is marked, and how many lines of the old and
  // the new text lie before it.
  var lines: [DiffLine] = []
  var (i, j) = (0, 0)
  while i < before.count || j < after.count {
    if i < before.count, removed.contains(i) {
      lines.append(DiffLine(mark: "-", text: before[i], old: i, new: j))
      i += 1
    } else if j < after.count, inserted.contains(j) {
      lines.append(DiffLine(mark: "+", text: after[j], old: i, new: j))
      j += 1
    } else {
      lines.append(DiffLine(mark: " ", text: before[i], old: i, new: j))
      (i, j) = (i + 1, j + 1)
    }
  }
  var text = "--- \(old.path)\n+++ \(new.path)\n"
  for hunk in hunks(of: lines) { text += hunkText(lines[hunk]) }
  return text
}

extension CollectionDifference.Change {
  fileprivate var position: Int {
    switch self {
    case .insert(let offset, _, _), .remove(let offset, _, _): offset
    }
  }
}

private struct DiffLine {
  let mark: Character
  let text: String
  let old: Int
  let new: Int
}

private let contextLines = 3

/// Ranges of changed lines with their context; those that touch are one.
private func hunks(of lines: [DiffLine]) -> [Range<Int>] {
  var result: [Range<Int>] = []
  for index in lines.indices where lines[index].mark != " " {
    let range = max(0, index - contextLines)..<min(lines.count, index + contextLines + 1)
    if let last = result.last, last.upperBound >= range.lowerBound {
      result[result.count - 1] = last.lowerBound..<range.upperBound
    } else {
      result.append(range)
    }
  }
  return result
}

private func hunkText(_ lines: ArraySlice<DiffLine>) -> String {
  guard let first = lines.first else { return "" }
  let oldCount = lines.count { $0.mark != "+" }
  let newCount = lines.count { $0.mark != "-" }
  // Of no lines, the number is that of the line before.
  let oldStart = first.old + (oldCount == 0 ? 0 : 1)
  let newStart = first.new + (newCount == 0 ? 0 : 1)
  let body = lines.map { line in
    line.text.hasSuffix("\n")
      ? "\(line.mark)\(line.text)" : "\(line.mark)\(line.text)\n\\ No newline at end of file\n"
  }
  return "@@ -\(oldStart),\(oldCount) +\(newStart),\(newCount) @@\n" + body.joined()
}

extension SourceFile {
  /// The lines with their line breaks.
  fileprivate var diffLines: [String] {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self) + "\n"
    }
    let last = lines.removeLast()
    if last != "\n" { lines.append(String(last.dropLast())) }
    return lines
  }
}
