/// Reads the JSON of a safetensors header: objects of known shape, strings and whole numbers.
///
/// Foundation's parser takes the last of two equal keys, and gives no offsets; both matter in a
/// file from somewhere else. No recursion: depth cannot exhaust the stack.
struct JSONScanner {
  let bytes: [UInt8]
  /// Where `bytes` begin in the file.
  let offset: Int
  let path: String
  private(set) var position = 0

  init(bytes: [UInt8], offset: Int, path: String) {
    self.bytes = bytes
    self.offset = offset
    self.path = path
  }

  /// Reads `open`; false when `close` follows at once.
  mutating func opens(
    _ open: Unicode.Scalar, closing close: Unicode.Scalar
  ) throws(SafetensorsProblem) -> Bool {
    try expect(open)
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: close) else { return true }
    position += 1
    return false
  }

  /// Reads a comma, or `close` and gives false.
  mutating func continues(closing close: Unicode.Scalar) throws(SafetensorsProblem) -> Bool {
    skipSpace()
    if position < bytes.count {
      defer { position += 1 }
      if bytes[position] == UInt8(ascii: ",") { return true }
      if bytes[position] == UInt8(ascii: close) { return false }
      position -= 1
    }
    throw problem("',' or '\(close)'", at: max(position, 0))
  }

  mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsProblem) {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
      throw problem("'\(character)'", at: position)
    }
    position += 1
  }

  /// Only space may follow.
  mutating func end() throws(SafetensorsProblem) {
    skipSpace()
    if position < bytes.count { throw problem("the end of the header", at: position) }
  }

  /// An array of whole numbers from 0 to the largest `Int`.
  mutating func integers(atMost limit: Int) throws(SafetensorsProblem) -> [Int] {
    var numbers: [Int] = []
    var more = try opens("[", closing: "]")
    while more {
      if numbers.count == limit {
        throw problem("at most \(limit) numbers", at: position)
      }
      numbers.append(try integer())
      more = try continues(closing: "]")
    }
    return numbers
  }

  private mutating func integer() throws(SafetensorsProblem) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, case let digit = bytes[position], (48...57).contains(digit) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(digit - 48))
      if overflow || carry { throw problem("a number below 2^63", found: "more", at: start) }
      value = sum
      position += 1
    }
    let next = position < bytes.count ? bytes[position] : 0
    let isFraction = [".", "e", "E"].contains { UInt8(ascii: $0) == next }
    if position == start || isFraction { throw problem("a whole number", at: position) }
    return value
  }

  mutating func string() throws(SafetensorsProblem) -> String {
    try expect("\"")
    let start = position
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw problem("UTF-8", found: "other bytes", at: start)
        }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        text.append(contentsOf: try escape())
      case 0..<32: throw problem("a string without control characters", at: position)
      default:
        text.append(byte)
        position += 1
      }
    }
    throw problem("the end of a string", at: position)
  }

  /// The character after a backslash, as UTF-8.
  private mutating func escape() throws(SafetensorsProblem) -> [UInt8] {
    guard position < bytes.count else { throw problem("an escape", at: position) }
    let start = position
    position += 1
    switch Unicode.Scalar(bytes[start]) {
    case "\"", "\\", "/": return [bytes[start]]
    case "b": return [8]
    case "f": return [12]
    case "n": return [10]
    case "r": return [13]
    case "t": return [9]
    case "u":
      let first = try hexadecimal()
      var code = first
      if (0xD800..<0xDC00).contains(first) {  // the first half of a pair
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
          bytes[position + 1] == UInt8(ascii: "u")
        else { throw problem("the second half of a surrogate pair", at: position) }
        position += 2
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second) else {
          throw problem("the second half of a surrogate pair", at: position - 4)
        }
        code = 0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw problem("a character's code", at: start + 1)
      }
      return Array(String(Character(scalar)).utf8)
    default: throw problem("one of \"\\/bfnrtu after a backslash", at: start)
    }
  }

  private mutating func hexadecimal() throws(SafetensorsProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count,
        let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else { throw problem("four hexadecimal digits", at: position) }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func skipSpace() {
    while position < bytes.count, [9, 10, 13, 32].contains(bytes[position]) { position += 1 }
  }

  /// What is wrong at `position`; without `found`, the byte that stands there.
  func problem(
    _ expected: String, found: String? = nil, at position: Int
  ) -> SafetensorsProblem {
    var seen = "the end"
    if position < bytes.count {
      let byte = bytes[position]
      seen = (32..<127).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "byte \(byte)"
    }
    return .header(
      path: path, offset: offset + position, expected: expected, found: found ?? seen)
  }
}
