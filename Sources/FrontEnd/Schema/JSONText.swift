import Diagnostics

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
        "\(inner)\(key.quotedForJSON): \(value.text(indentation: indentation + 1))"
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
      "{" + entries.map { "\($0.quotedForJSON): \($1.line)" }.joined(separator: ", ") + "}"
    case .array(let items): "[" + items.map(\.line).joined(separator: ", ") + "]"
    case .string(let text): text.quotedForJSON
    case .number(let text): text
    case .boolean(let value): "\(value)"
    }
  }
}
