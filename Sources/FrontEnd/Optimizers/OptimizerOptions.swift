import Decoding

/// Options that several rules have, with one wording.
extension OptionReader {
  /// A share of an old mean, 0 ≤ x < 1.
  mutating func share(_ key: String, default fallback: Double, help: String) -> Double {
    number(key, default: fallback, in: NumberRange(0..<1), help: help)
  }

  mutating func epsilon() -> Double {
    number(
      "epsilon", default: 1e-8, in: NumberRange(0...1),
      help: "added to the root, so that nothing is divided by 0")
  }

  mutating func momentum() -> Double {
    share("momentum", default: 0, help: "share of the last step in the next")
  }
}
