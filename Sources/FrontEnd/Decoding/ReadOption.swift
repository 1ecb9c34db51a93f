import Document

/// An option that was asked for, and its value as a spec would write it: evaluated, or the default.
public struct ReadOption: Hashable, Sendable {
  public let key: String
  /// In flow style, such as `5`, `same` or `[16, 4, 4]`.
  public let text: String

  public init(key: String, text: String) {
    self.key = key
    self.text = text
  }
}

extension Node {
  /// The value in flow style, expressions evaluated; nil for maps and long lists, which no option
  /// takes as they are.
  package func evaluatedText(in scope: Scope) -> String? {
    switch self {
    case .scalar(let scalar): return scalar.evaluatedText(in: scope)
    case .sequence(let sequence):
      guard sequence.items.count <= longestList else { return nil }
      var texts: [String] = []
      for item in sequence.items {
        guard case .scalar(let scalar) = item else { return nil }
        texts.append(scalar.evaluatedText(in: scope))
      }
      return "[" + texts.joined(separator: ", ") + "]"
    case .mapping: return nil
    }
  }
}

/// Options take lists of few numbers; `layers` is none of them.
private let longestList = 8

extension Node.Scalar {
  fileprivate func evaluatedText(in scope: Scope) -> String {
    // Words such as `same`: most options, and quickly told from expressions.
    if Expression.isName(text), scope.variables[text] == nil { return text.yamlText }
    if case .success(let number) = Expression.evaluate(self, in: scope) {
      return number.yamlText
    }
    return text.yamlText
  }
}

extension Number {
  /// Reads back as the same number.
  public var yamlText: String {
    switch self {
    case .integer(let value): "\(value)"
    case .fraction(let value): value.yamlText
    }
  }
}

extension Double {
  /// Reads back as the same number; whole numbers without a decimal point.
  public var yamlText: String {
    // 2⁵³: up to here every whole number is exact.
    abs(self) <= 9_007_199_254_740_992 && self == rounded() ? "\(Int(self))" : "\(self)"
  }
}

extension String {
  /// As a scalar that YAML reads back as the same text: plain where it is one word, else quoted.
  public var yamlText: String {
    let isWord = unicodeScalars.allSatisfy { scalar in
      scalar.isASCII
        && (scalar.properties.isAlphabetic || ("0"..."9") ~= scalar
          || "_-./".unicodeScalars.contains(scalar))
    }
    // In front, `-` and `.` can mean something to YAML.
    if isWord, let first = unicodeScalars.first, !"-./".unicodeScalars.contains(first) {
      return self
    }
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\u{20}"..."\u{7E}", "\u{A1}"..."\u{D7FF}": text.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        text += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }
    }
    return text + "\""
  }
}
