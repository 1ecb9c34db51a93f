/// A JSON value whose objects keep their order.
indirect enum JSONText {
  case object([(key: String, value: JSONText)])
  case array([JSONText])
  case string(String)
  /// As it is to be written.
  case number(String)
  case boolean(Bool)

  static func integer(_ value: Int) -> JSONText { .number("\(value)") }

  /// Two blanks per level; what is short stands on one line.
  func text(indentation: Int = 0) -> String {
    let line = self.line
    if indentation * 2 + line.count <= Self.widest { return line }
    let inner = String(repeating: "  ", count: indentation + 1)
    let outer = String(repeating: "  ", count: indentation)
    switch self {
    case .object(let entries):
      let lines = entries.map { key, value in
        "\(inner)\(Self.quoted(key)): \(value.text(indentation: indentation + 1))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    case .array(let items):
      let lines = items.map { inner + $0.text(indentation: indentation + 1) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    case .string, .number, .boolean: return line
    }
  }

  private static let widest = 90

  private var line: String {
    switch self {
    case .object(let entries):
      "{" + entries.map { "\(Self.quoted($0)): \($1.line)" }.joined(separator: ", ") + "}"
    case .array(let items): "[" + items.map(\.line).joined(separator: ", ") + "]"
    case .string(let text): Self.quoted(text)
    case .number(let text): text
    case .boolean(let value): "\(value)"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
