/// A JSON value whose objects keep their order: the same value always gives the same text.
package indirect enum JSONText: Sendable {
  case null
  case boolean(Bool)
  /// As it is written; see `integer` and `real`.
  case number(String)
  case string(String)
  case array([JSONText])
  case object([(key: String, value: JSONText)])

  package static func integer(_ value: Int) -> JSONText { .number("\(value)") }

  /// The shortest text that reads as the same number; JSON has no infinities and no NaN, so that
  /// those are null.
  package static func real(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> JSONText
  {
    value.isFinite ? .number(value.description) : .null
  }

  /// On one line without spaces, for files of one object a line and for headers.
  package var compact: String { line(comma: ",", colon: ":") }

  /// Over several lines, two spaces a level; what fits on one line stands on one.
  package var text: String { text(level: 0) }

  private static let widest = 90

  private func text(level: Int) -> String {
    let line = line(comma: ", ", colon: ": ")
    if level * 2 + line.count <= Self.widest { return line }
    let inner = String(repeating: "  ", count: level + 1)
    let outer = String(repeating: "  ", count: level)
    switch self {
    case .object(let entries):
      let lines = entries.map { key, value in
        "\(inner)\(key.quotedForJSON): \(value.text(level: level + 1))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    case .array(let items):
      let lines = items.map { inner + $0.text(level: level + 1) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    case .null, .boolean, .number, .string: return line
    }
  }

  private func line(comma: String, colon: String) -> String {
    switch self {
    case .null: "null"
    case .boolean(let value): "\(value)"
    case .number(let text): text
    case .string(let text): text.quotedForJSON
    case .array(let items):
      "[" + items.map { $0.line(comma: comma, colon: colon) }.joined(separator: comma) + "]"
    case .object(let entries):
      "{"
        + entries.map { key, value in
          key.quotedForJSON + colon + value.line(comma: comma, colon: colon)
        }.joined(separator: comma) + "}"
    }
  }
}

extension String {
  private static let escapes: [Unicode.Scalar: String] = [
    "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t",
  ]

  /// Between quotes, with the escapes of RFC 8259 for all that is not shown.
  package var quotedForJSON: String {
    var text = "\""
    for scalar in unicodeScalars {
      if let escape = Self.escapes[scalar] {
        text += escape
      } else if !scalar.isShown {
        for unit in UTF16.encode(scalar)! {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
