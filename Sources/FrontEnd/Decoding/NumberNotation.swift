/// How numbers are written: `64`, `0.5`, `.5`, `3.`, `2e-4`; and what is proposed for other ways.
enum NumberNotation {
  /// Digits without leading zeros, a point and digits, an exponent; without a sign.
  static func isDecimal(_ text: String) -> Bool {
    var rest = Array(text.unicodeScalars)[...]
    let whole = rest.prefix(while: \.isDigit)
    rest = rest.dropFirst(whole.count)
    if whole.count > 1, whole.first == "0" { return false }
    var digits = whole.count
    if rest.first == "." {
      let decimals = rest.dropFirst().prefix(while: \.isDigit)
      digits += decimals.count
      rest = rest.dropFirst(1 + decimals.count)
    }
    if digits == 0 { return false }
    guard let mark = rest.first else { return true }
    guard mark == "e" || mark == "E" else { return false }
    rest = rest.dropFirst()
    if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
    return !rest.isEmpty && rest.allSatisfy(\.isDigit)
  }

  /// The nearest double of a decimal notation; infinite beyond its range.
  static func fraction(_ text: String) -> Double? {
    let parts = text.lowercased().split(separator: "e", maxSplits: 1)
    let mantissa = (parts[0].hasPrefix(".") ? "0" : "") + parts[0]
    return Double(
      (mantissa.hasSuffix(".") ? mantissa + "0" : mantissa)
        + (parts.count > 1 ? "e\(parts[1])" : ""))
  }

  /// What to write instead of an unsupported number notation.
  struct Proposal {
    let words: String
    /// The number itself; nil where none can be told.
    var replacement: String?
    /// False where another number may be meant.
    var isSure = true
    /// Why the notation is a trap; empty where it is only unknown.
    var reason = ""

    init(_ words: String) { self.words = words }

    init(number: String, isSure: Bool = true, else more: String = "") {
      words = "write `\(number)`\(more)"
      replacement = number
      self.isSure = isSure
    }
  }

  /// What to write instead of a notation that other languages and YAML 1.1 know.
  static func repair(of text: String) -> Proposal {
    let lower = text.lowercased()
    if lower == ".nan" || lower == ".inf" {
      var proposal = Proposal("only finite numbers are allowed")
      proposal.reason = "in YAML, `\(lower)` is \(lower == ".nan" ? "not a number" : "infinity")"
      return proposal
    }
    if text.contains("..") {
      return Proposal("a range such as `1..3` is only written after `for: i in`")
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where lower.hasPrefix(prefix) {
      let digits = lower.dropFirst(2).filter { $0 != "_" }
      return Int(digits, radix: radix).map { Proposal(number: "\($0)") }
        ?? Proposal("write it in decimal notation")
    }
    let plain = text.filter { $0 != "_" }
    if plain != text, isDecimal(plain) { return Proposal(number: plain) }
    if text.contains(":") {
      var proposal = Proposal(
        "write it in decimal notation" + (sexagesimal(text).map { ": `\($0)`" } ?? ""))
      proposal.replacement = sexagesimal(text).map(String.init)
      proposal.isSure = false
      proposal.reason = "some YAML readers take digits with colons for a number to the base 60"
      return proposal
    }
    let bare = String(plain.drop { $0 == "0" })
    if plain.hasPrefix("0"), isDecimal(bare) {
      let octal = Int(plain, radix: 8).map { ", or `\($0)` if octal was meant" }
      var proposal = Proposal(number: bare, isSure: octal == nil, else: octal ?? "")
      proposal.reason = "some YAML readers take a leading zero for an octal number"
      return proposal
    }
    if let size = SizeNotation(text) {
      return Proposal("one number belongs here, not \(size.list)")
    }
    let halves = text.split(separator: ",", omittingEmptySubsequences: false)
    if halves.count == 2, isDecimal(halves.joined(separator: ".")),
      halves.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } })
    {
      // 1,000 may be a thousand.
      let mayBeThousands = halves[1].count == 3 && halves[0] != "0"
      return Proposal(
        number: halves.joined(separator: "."), isSure: !mayBeThousands,
        else: mayBeThousands ? ", or `\(halves.joined())`" : "")
    }
    let factor = text.prefix { $0.isASCII && $0.isNumber }
    let name = text.dropFirst(factor.count)
    if isDecimal(String(factor)), ["px", "pixel", "pixels", "epochs", "images"].contains(name) {
      return Proposal(number: String(factor))
    }
    if !factor.isEmpty, Expression.isName(String(name)) {
      var product = Proposal("write a product with `*`: `\(factor) * \(name)`")
      product.replacement = "\(factor) * \(name)"
      product.isSure = false
      return product
    }
    return Proposal("numbers look like `64`, `0.5` or `2e-4`")
  }

  /// What YAML 1.1 reads in `1:30`: digits to the base 60.
  private static func sexagesimal(_ text: String) -> Int? {
    var total = 0
    for part in text.split(separator: ":", omittingEmptySubsequences: false) {
      guard part.count <= 4, let digits = Int(part), total < 1 << 40 else { return nil }
      total = total * 60 + digits
    }
    return total
  }
}
