import Files

/// Diagnostics as text for people: each with its source lines and marks under what it is about.
///
/// ```
/// faces.yaml:14:7: error[T402]: the generator makes 3 × 32 × 32, the image is 3 × 64 × 64
///    14 |     - conv_transpose: {filters: 3, norm: none, activation: tanh}
///       |       ^^^^^^^^^^^^^^ 3 × 32 × 32 comes out here
///     7 | image: {size: 64, channels: 3}
///       |               -- 64 × 64 is required here
///    help: one more stride-2 conv_transpose doubles the size
/// ```
/// Formats for machines are renderers of their own, next to this one.
public struct TextRenderer: Sendable {
  /// Whether ANSI codes are written; see `isColourWanted`.
  public let colour: Bool
  /// The columns that a source line may take; of a longer one, the part around the mark is shown.
  public let width: Int
  /// The file that `--fix` changes; with nil, any.
  ///
  /// Repairs of its parents and of the command line are not counted.
  public let fixable: String?
  /// Whether notes are only counted where nothing is an error.
  public let hidesNotes: Bool

  public init(
    colour: Bool = false, width: Int = 100, fixable: String? = nil, hidesNotes: Bool = false
  ) {
    self.colour = colour
    self.fixable = fixable
    self.hidesNotes = hidesNotes
    self.width = Swift.max(width, 20)
  }

  /// All diagnostics, sorted by position, and a closing line that counts them; empty without any.
  public func render(_ diagnostics: [Diagnostic]) -> String {
    if diagnostics.isEmpty { return "" }
    let hides = hidesNotes && !diagnostics.hasErrors
    let shown = hides ? diagnostics.filter { $0.severity > .note } : diagnostics
    var lines = SourceLines()
    let texts = shown.sortedByPosition.map { render($0, &lines) }
    var summary = Self.summary(of: diagnostics) + repairSummary(of: shown)
    switch diagnostics.count - shown.count {
    case 0: break
    case 1: summary += "; `-v` shows the note"
    default: summary += "; `-v` shows the notes"
    }
    return (texts + [summary]).joined(separator: "\n\n")
  }

  /// One diagnostic, without a line break at the end.
  public func render(_ diagnostic: Diagnostic) -> String {
    var lines = SourceLines()
    return render(diagnostic, &lines)
  }

  /// As in `2 errors, 1 warning`.
  public static func summary(of diagnostics: [Diagnostic]) -> String {
    let counts = Diagnostic.Severity.allCases.compactMap { severity -> String? in
      let count = diagnostics.count { $0.severity == severity }
      return count == 0 ? nil : severity.counted(count)
    }
    return counts.isEmpty ? "no problems" : counts.joined(separator: ", ")
  }

  /// As in `; `--fix` repairs 1, `--fix --unsafe` 2 more`; empty where nothing can be repaired.
  private func repairSummary(of diagnostics: [Diagnostic]) -> String {
    let safe = diagnostics.count { isRepaired($0, upTo: .safe) }
    let more = diagnostics.count { isRepaired($0, upTo: .unsafe) } - safe
    switch (safe, more) {
    case (0, 0): return ""
    case (_, 0): return "; `dcgan-compile --fix` repairs \(safe)"
    case (0, _): return "; `dcgan-compile --fix --unsafe` repairs \(more)"
    default: return "; `dcgan-compile --fix` repairs \(safe), with `--unsafe` \(more) more"
    }
  }

  private func isRepaired(_ diagnostic: Diagnostic, upTo safety: Repair.Safety) -> Bool {
    guard let repair = diagnostic.repair(upTo: safety) else { return false }
    return repair.edits.allSatisfy { fixable == nil || $0.span.file.path == fixable }
  }

  // MARK: Parts

  private func render(_ diagnostic: Diagnostic, _ lines: inout SourceLines) -> String {
    let span = diagnostic.primary.span
    let place = "\(span.file.path):\(span.start.line):\(span.start.column):"
    let name = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]:"
    var result = [
      styled(place.visible, .bold) + " " + styled(name, diagnostic.severity.style) + " "
        + styled(diagnostic.message.visible, .bold)
    ]
    var shown = span.file
    for excerpt in excerpts(of: diagnostic, &lines) {
      // Lines of other files name theirs, and so does the first that is back in this one.
      if excerpt.file !== span.file || shown !== span.file {
        shown = excerpt.file
        let path = "\(excerpt.file.path):\(excerpt.number)"
        result.append(styled("      --> ", .gutter) + path.visible)
      }
      result.append(gutter(excerpt.number) + excerpt.text)
      for (offset, width, label) in excerpt.marks {
        let isPrimary = label == diagnostic.primary
        let mark = String(repeating: isPrimary ? "^" : "-", count: width)
        let text = label.text.isEmpty ? mark : "\(mark) \(label.text.visible)"
        result.append(
          gutter(nil) + String(repeating: " ", count: offset)
            + styled(text, isPrimary ? diagnostic.severity.style : .gutter))
      }
    }
    result += diagnostic.notes.map { styled("   note:", .note) + " " + $0.visible }
    result += diagnostic.help.map { styled("   help:", .help) + " " + $0.visible }
    return result.map(\.withoutTrailingSpaces).joined(separator: "\n")
  }

  /// The source lines that the labels point into, each once where its labels fit into one window.
  private func excerpts(
    of diagnostic: Diagnostic, _ lines: inout SourceLines
  ) -> [SourceExcerpt] {
    var result: [SourceExcerpt] = []
    for label in [diagnostic.primary] + diagnostic.secondary {
      let start = label.span.start
      if let index = result.firstIndex(where: { $0.shows(label.span) }) {
        result[index].mark(label)
      } else {
        let line = lines.line(start.line, of: label.span.file)
        var excerpt = SourceExcerpt(
          of: line, number: start.line, in: label.span.file, around: start.column, width: width)
        excerpt.mark(label)
        result.append(excerpt)
      }
    }
    return result
  }

  private func gutter(_ number: Int?) -> String {
    let digits = number.map(String.init) ?? ""
    let spaces = String(repeating: " ", count: Swift.max(0, 5 - digits.count))
    return styled("\(spaces)\(digits) |", .gutter) + " "
  }

  private func styled(_ text: String, _ style: Style) -> String {
    colour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
  }
}

/// ANSI's numbers for what a terminal shows.
private enum Style: String {
  case bold = "1"
  case error = "1;31"
  case warning = "1;33"
  case advice = "1;36"
  case note = "1;34"
  case help = "1;32"
  case gutter = "34"
}

extension Diagnostic.Severity {
  fileprivate var style: Style {
    switch self {
    case .error: .error
    case .warning: .warning
    case .advice: .advice
    case .note: .note
    }
  }

  fileprivate func counted(_ count: Int) -> String {
    switch self {
    case .error: count == 1 ? "1 error" : "\(count) errors"
    case .warning: count == 1 ? "1 warning" : "\(count) warnings"
    case .advice: count == 1 ? "1 piece of advice" : "\(count) pieces of advice"
    case .note: count == 1 ? "1 note" : "\(count) notes"
    }
  }
}

extension String {
  fileprivate var withoutTrailingSpaces: String {
    var text = self[...]
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
