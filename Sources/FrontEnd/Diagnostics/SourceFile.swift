/// A text that diagnostics point into: a spec file, or the command line.
public final class SourceFile: Sendable {
  /// As the user wrote it; shown in messages.
  public let path: String
  /// UTF-8, possibly with invalid sequences, exactly as read.
  public let bytes: [UInt8]
  /// Byte offset of the first character of each line.
  private let lineStarts: [Int]

  public init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
      starts.append(offset + 1)
    }
    self.lineStarts = starts
  }

  public convenience init(path: String, text: String) {
    self.init(path: path, bytes: Array(text.utf8))
  }

  public var lineCount: Int { lineStarts.count }

  /// Where a position lies in `bytes`; at the end of its line, or of the file, for one beyond it.
  public func byteOffset(of position: SourcePosition) -> Int {
    guard position.line <= lineStarts.count else { return bytes.count }
    guard position.line >= 1 else { return 0 }
    let start = lineStarts[position.line - 1]
    return start
      + line(position.line).unicodeScalars.prefix(max(position.column - 1, 0))
      .reduce(0) { $0 + UTF8.width($1) }
  }

  /// The text of a line (counted from 1) without its line break; empty beyond the end.
  public func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }
}

/// A place in a file: line and column from 1, the column in code points.
public struct SourcePosition: Hashable, Comparable, Sendable {
  public let line: Int
  public let column: Int

  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  public static func < (a: SourcePosition, b: SourcePosition) -> Bool {
    (a.line, a.column) < (b.line, b.column)
  }
}

/// A piece of a file from `start` up to, not including, `end`.
public struct SourceSpan: Sendable {
  public let file: SourceFile
  public let start: SourcePosition
  public let end: SourcePosition

  public init(file: SourceFile, start: SourcePosition, end: SourcePosition) {
    self.file = file
    self.start = start
    self.end = end
  }
}

extension SourceSpan {
  /// What stands there; of several lines, the rest of the first.
  public var text: String {
    let line = file.line(start.line).unicodeScalars.dropFirst(start.column - 1)
    let piece = start.line == end.line ? line.prefix(max(0, end.column - start.column)) : line
    return String(String.UnicodeScalarView(piece))
  }
}

extension SourceSpan: Hashable {
  public static func == (a: SourceSpan, b: SourceSpan) -> Bool {
    a.file === b.file && a.start == b.start && a.end == b.end
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(file))
    hasher.combine(start)
    hasher.combine(end)
  }
}
