import Diagnostics

/// What can be told from the bytes alone: size, encoding, characters that no spec needs.
///
/// After it, every character that libyaml counts is one that `SourceFile` counts, and the only line
/// break is a line feed, with or without a carriage return: the positions of both agree.
enum InputCheck {
  /// The first thing wrong with the bytes of a file, or nil.
  static func problem(of file: SourceFile) -> Diagnostic? {
    let bytes = file.bytes
    guard bytes.count <= YAMLDocument.mostBytes else { return .tooLarge(file) }
    if let name = foreignEncoding(of: bytes) { return .wrongEncoding(file, found: name) }
    var cursor = Cursor()
    while cursor.offset < bytes.count {
      guard let character = cursor.next(of: bytes) else {
        return .invalidUTF8(bytes[cursor.offset], at: file.span(cursor.position))
      }
      if isRefused(character, before: cursor.peek(bytes)) {
        return .controlCharacter(character, at: file.span(cursor.previous, width: 1))
      }
    }
    return nil
  }

  /// The encoding that a byte order mark, or a pattern of zeros, gives away.
  private static func foreignEncoding(of bytes: [UInt8]) -> String? {
    let start = Array(bytes.prefix(4))
    if start.starts(with: [0xEF, 0xBB, 0xBF]) { return "UTF-8 with a byte order mark" }
    if start == [0xFF, 0xFE, 0, 0] || start == [0, 0, 0xFE, 0xFF] { return "UTF-32" }
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    // An ASCII character first, as every spec has: its zero bytes show how wide it is.
    guard start.count == 4 else { return nil }
    switch start.map({ $0 == 0 }) {
    case [false, true, true, true], [true, true, true, false]: return "UTF-32"
    case [false, true, false, true], [true, false, true, false]: return "UTF-16"
    default: return nil
    }
  }

  /// Control characters but tab and line break, Unicode's own line breaks, byte order marks, and
  /// what is no character.
  private static func isRefused(_ character: UInt32, before next: UInt8?) -> Bool {
    switch character {
    case 0x09, 0x0A: false
    case 0x0D: next != UInt8(ascii: "\n")
    case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}

/// Walks over UTF-8 and counts lines and columns.
private struct Cursor {
  /// Of the next byte to read.
  var offset = 0
  var position = SourcePosition(line: 1, column: 1)
  /// Where the character that was read last starts.
  var previous = SourcePosition(line: 1, column: 1)

  func peek(_ bytes: [UInt8]) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// The next code point; nil, without a step, where the bytes are not UTF-8.
  mutating func next(of bytes: [UInt8]) -> UInt32? {
    let first = bytes[offset]
    let length: Int
    var value: UInt32
    switch first {
    case 0..<0x80: (length, value) = (1, UInt32(first))
    case 0xC2..<0xE0: (length, value) = (2, UInt32(first & 0x1F))
    case 0xE0..<0xF0: (length, value) = (3, UInt32(first & 0x0F))
    case 0xF0..<0xF5: (length, value) = (4, UInt32(first & 0x07))
    default: return nil
    }
    guard offset + length <= bytes.count else { return nil }
    for index in offset + 1..<offset + length {
      guard bytes[index] & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(bytes[index] & 0x3F)
    }
    // Overlong forms, surrogates, and what lies beyond Unicode.
    let smallest: [UInt32] = [0, 0, 0x80, 0x800, 0x10000]
    guard value >= smallest[length], Unicode.Scalar(value) != nil else { return nil }
    offset += length
    previous = position
    position =
      value == 0x0A
      ? SourcePosition(line: position.line + 1, column: 1)
      : SourcePosition(line: position.line, column: position.column + 1)
    return value
  }
}
