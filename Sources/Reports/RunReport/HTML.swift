/// Pieces of an HTML page; what comes from files is escaped.
struct HTML {
  private(set) var text: String

  /// Markup as it is.
  init(markup: String = "") { text = markup }

  static func += (page: inout HTML, other: HTML) { page.text += other.text }

  /// Text between tags or in an attribute with double quotes.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\n", "\t": escaped.unicodeScalars.append(scalar)
      case _ where scalar.properties.generalCategory == .control: escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// `<tag attributes>text</tag>`; `attributes` are markup.
  static func element(_ tag: String, with attributes: String = "", text: String) -> HTML {
    HTML(markup: "<\(tag)\(attributes.isEmpty ? "" : " " + attributes)>\(escaped(text))</\(tag)>")
  }

  static func element(
    _ tag: String, with attributes: String = "", _ content: [HTML]
  ) -> HTML {
    HTML(
      markup: "<\(tag)\(attributes.isEmpty ? "" : " " + attributes)>"
        + content.map(\.text).joined() + "</\(tag)>\n")
  }
}
