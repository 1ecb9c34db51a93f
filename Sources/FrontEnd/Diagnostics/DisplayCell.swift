/// A code point as a terminal shows it.
struct DisplayCell {
  let text: String
  /// In columns: 0 for combining marks, 2 for the wide characters of East Asia.
  let width: Int

  /// The code points of a line; a tab continues to the next multiple of 4 columns.
  static func cells(of line: ArraySlice<Unicode.Scalar>) -> [DisplayCell] {
    var x = 0
    return line.map { scalar in
      let cell: DisplayCell
      if scalar == "\t" {
        let width = tabWidth - x % tabWidth
        cell = DisplayCell(text: String(repeating: " ", count: width), width: width)
      } else {
        let text = scalar.visible
        cell = DisplayCell(text: text, width: scalar.isShown ? scalar.width : text.count)
      }
      x += cell.width
      return cell
    }
  }

  private static let tabWidth = 4
}

extension String {
  /// Without characters that could confuse a terminal or its reader.
  package var visible: String {
    unicodeScalars.allSatisfy(\.isShown) ? self : unicodeScalars.map(\.visible).joined()
  }
}

extension Unicode.Scalar {
  /// False for control characters, line breaks, and formatting that reorders or hides text.
  fileprivate var isShown: Bool {
    if isASCII { return value >= 0x20 && value != 0x7F }
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: return false
    default: return true
    }
  }

  /// Itself, or a picture or the number of what is not shown.
  fileprivate var visible: String {
    if isShown { return String(self) }
    if value < 0x20 { return String(Unicode.Scalar(0x2400 + value)!) }  // ␀ …
    if value == 0x7F { return "␡" }
    return "<U+\(String(value, radix: 16, uppercase: true))>"
  }

  /// Roughly Unicode's East Asian Width: whole blocks, without their few exceptions.
  fileprivate var width: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F,  // Hangul
      0x2E80...0x303E, 0x3041...0xA4CF,  // CJK, Kana, Yi
      0xAC00...0xD7A3, 0xF900...0xFAFF,  // Hangul, CJK
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,  // full-width forms
      0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF,  // pictures
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
