import Diagnostics

/// A line that was probably meant as `key: value`, perhaps after a `- `.
struct EntryLine {
  private let file: SourceFile
  private let number: Int
  /// Without a comment and trailing spaces.
  private let text: [Unicode.Scalar]
  /// Index of the first character that is no blank and no dash of a list.
  private let first: Int

  init(_ number: Int, of file: SourceFile) {
    (self.file, self.number) = (file, number)
    var text = Array(file.line(number).unicodeScalars)
    if let comment = text.indices.first(where: {
      text[$0] == "#" && ($0 == 0 || text[$0 - 1] == " ")
    }) {
      text.removeSubrange(comment...)
    }
    while text.last == " " { text.removeLast() }
    self.text = text
    var first = text.prefix { $0 == " " }.count
    while first + 1 < text.count, text[first] == "-", text[first + 1] == " " {
      first += 1 + text[(first + 1)...].prefix { $0 == " " }.count
    }
    self.first = first
  }

  var isBlank: Bool { first >= text.count }

  /// The column of the key.
  var start: Int { first + 1 }

  /// The word that the line begins with; empty where it begins with a sign.
  var name: String {
    String(String.UnicodeScalarView(text[first...].prefix { $0.isNameCharacter }))
  }

  /// The first column after the name.
  var nameEnd: Int { start + name.unicodeScalars.count }

  var nameSpan: SourceSpan { span(start, nameEnd) }

  /// Blanks and signs between the name and what looks like its value.
  var gap: SourceSpan {
    let signs = rest.prefix { " :=\u{A0}：".unicodeScalars.contains($0) }
    return span(nameEnd, nameEnd + signs.count)
  }

  /// Whether a map or list in brackets follows the name without a `: `.
  var opensBracket: Bool {
    let signs = rest.prefix { " :".unicodeScalars.contains($0) }
    guard let value = rest.dropFirst(signs.count).first else { return false }
    return "{[".unicodeScalars.contains(value) && !hasColon
  }

  /// Whether a `:` with a space, or at the end of the line, follows the name.
  var hasColon: Bool {
    rest.first == ":" && (rest.count == 1 || rest[rest.startIndex + 1] == " ")
  }

  /// Whether more than the `:` follows.
  var hasValue: Bool { hasColon && rest.count > 2 && !"|>".unicodeScalars.contains(value[0]) }

  /// Behind the name.
  private var rest: ArraySlice<Unicode.Scalar> { text[(nameEnd - 1)...] }

  /// Behind the first `: `.
  private var value: [Unicode.Scalar] { Array(rest.dropFirst().drop { $0 == " " }) }

  /// A value such as `leaky_relu: 0.2` in braces.
  var bracedValue: String? {
    guard hasColon else { return nil }
    let name = value.prefix { $0.isNameCharacter }
    guard !name.isEmpty, value.dropFirst(name.count).starts(with: [":", " "]),
      !value.contains(where: { "{}[],\"'".unicodeScalars.contains($0) })
    else { return nil }
    return "{" + String(String.UnicodeScalarView(value)) + "}"
  }

  /// Quotes all after the first `: `, where that is plain text and has the `:` at `column`.
  func quotedValue(_ title: String, endingBefore column: Int) -> [Repair] {
    let (start, end) = (text.count - value.count + 1, text.count + 1)
    guard hasColon, start < column,
      !value.contains(where: { "\"\\[]{}".unicodeScalars.contains($0) })
    else { return [] }
    return [
      Repair(
        title, .unsafe,
        [Repair.Edit(span(start, start), "\""), Repair.Edit(span(end, end), "\"")])
    ]
  }

  private func span(_ start: Int, _ end: Int) -> SourceSpan {
    file.span(SourcePosition(line: number, column: start), width: end - start)
  }
}

extension Unicode.Scalar {
  fileprivate var isNameCharacter: Bool {
    properties.isAlphabetic || ("0"..."9").contains(self) || self == "_"
  }
}
