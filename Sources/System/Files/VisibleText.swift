extension String {
  /// Without characters that could confuse a terminal or its reader, such as escape sequences.
  package var visible: String {
    unicodeScalars.allSatisfy(\.isShown) ? self : unicodeScalars.map(\.visible).joined()
  }

  /// Visible, but with its line breaks.
  package var visibleLines: String {
    unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }
      .map { String($0).visible }.joined(separator: "\n")
  }

  /// For messages, from a file that says nothing about its lengths: visible, and cut where it is
  /// longer than `limit`.
  package func excerpt(_ limit: Int = 80) -> String {
    let start = prefix(limit)
    return (start.endIndex == endIndex ? self : start + "…").visible
  }
}

extension Unicode.Scalar {
  /// False for control characters, line breaks, and formatting that reorders or hides text.
  package var isShown: Bool {
    if isASCII { return value >= 0x20 && value != 0x7F }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }

  /// Itself, or a picture or the number of what is not shown.
  package var visible: String {
    if isShown { return String(self) }
    if value < 0x20 { return String(Unicode.Scalar(0x2400 + value)!) }  // ␀ …
    if value == 0x7F { return "␡" }
    return "<U+\(String(value, radix: 16, uppercase: true))>"
  }
}
