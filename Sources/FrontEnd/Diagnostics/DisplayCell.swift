import Files

/// A code point as a terminal shows it.
struct DisplayCell {
  let text: String
  /// In columns: 0 for combining marks, 2 for wide characters of East Asia and emoji.
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

extension Unicode.Scalar {
  /// Columns on a terminal.
  ///
  /// Source: Unicode 16, EastAsianWidth.txt (W and F are wide) and the property Emoji_Presentation.
  fileprivate var width: Int {
    if value < 0x300 { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    if Self.joiningJamo.contains(where: { $0.contains(value) }) { return 0 }
    if Self.regionalIndicators.contains(value) { return 1 }  // two of them make one flag
    let isWide =
      properties.isEmojiPresentation || Self.wide.contains(where: { $0.contains(value) })
    return isWide ? 2 : 1
  }

  /// Vowels and final consonants that join the Hangul syllable before them.
  private static let joiningJamo: [ClosedRange<UInt32>] = [0x1160...0x11FF, 0xD7B0...0xD7FF]

  private static let regionalIndicators: ClosedRange<UInt32> = 0x1F1E6...0x1F1FF

  /// All that is wide and not an emoji; places without a character are joined to their neighbours.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2630...0x2637, 0x268A...0x268F, 0x2E80...0x303E,
    0x3041...0x3247, 0x3250...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE10...0xFE19, 0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FB,
    0x1D300...0x1D356, 0x1D360...0x1D376, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]
}
