/// A JSON value whose keys keep their order: the same value always gives the same text.
enum JSONText {
  case null
  case number(Int)
  case boolean(Bool)
  case string(String)
  case array([JSONText])
  case object([(key: String, value: JSONText)])

  /// Two blanks a level; lists and maps of single values stand in one line.
  var text: String { text(indentation: "") }

  private func text(indentation: String) -> String {
    let inner = indentation + "  "
    switch self {
    case .null: return "null"
    case .number(let value): return "\(value)"
    case .boolean(let value): return "\(value)"
    case .string(let value): return value.quotedForJSON
    case .array(let items):
      let texts = items.map { $0.text(indentation: inner) }
      if items.allSatisfy(\.isSingle) { return "[" + texts.joined(separator: ", ") + "]" }
      return "[\n" + texts.map { inner + $0 }.joined(separator: ",\n") + "\n\(indentation)]"
    case .object(let entries):
      let texts = entries.map { key, value in
        "\(key.quotedForJSON): \(value.text(indentation: inner))"
      }
      if entries.allSatisfy(\.value.isSingle), texts.joined().count < 80 {
        return "{" + texts.joined(separator: ", ") + "}"
      }
      return "{\n" + texts.map { inner + $0 }.joined(separator: ",\n") + "\n\(indentation)}"
    }
  }

  private var isSingle: Bool {
    switch self {
    case .null, .number, .boolean, .string: true
    case .array(let items): items.isEmpty
    case .object(let entries): entries.isEmpty
    }
  }
}

extension String {
  private static let escapes: [Unicode.Scalar: String] = [
    "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t",
  ]

  /// Between quotes, with the escapes of RFC 8259.
  package var quotedForJSON: String {
    var text = "\""
    for scalar in unicodeScalars {
      if let escape = Self.escapes[scalar] {
        text += escape
      } else if scalar.value < 0x20 || scalar.value == 0x7F {
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
