extension [String] {
  /// As in "expected `same`, `valid` or `full`".
  public var choiceList: String { map { "`\($0)`" }.joined(finalSeparator: " or ") }

  /// As in "knows `filters`, `kernel` and `stride`".
  public var nameList: String { map { "`\($0)`" }.joined(finalSeparator: " and ") }

  private func joined(finalSeparator: String) -> String {
    guard count > 1 else { return first ?? "" }
    return dropLast().joined(separator: ", ") + finalSeparator + self[count - 1]
  }
}

extension String {
  /// The text in backquotes, cut to a length that suits a message, on one line.
  public var quotedExcerpt: String {
    let longest = 40
    let line = split(separator: "\n", omittingEmptySubsequences: true).first ?? ""
    let isCut = line.count > longest || line.count < count
    return "`\(line.prefix(longest))\(isCut ? "…" : "")`"
  }
}

extension String {
  /// With every part in backquotes cut to a length that still suits a message.
  ///
  /// Names and values from a spec may have any length.
  var withShortQuotes: String {
    let longest = 200
    guard utf8.count > longest else { return self }
    var isQuoted = true
    return split(separator: "`", omittingEmptySubsequences: false).map { part in
      isQuoted.toggle()
      return isQuoted && part.count > longest ? "\(part.prefix(longest))…" : String(part)
    }.joined(separator: "`")
  }
}
