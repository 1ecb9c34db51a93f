/// What YAML 1.1 takes for booleans: `no` for Norway is its best-known trap.
enum YAMLBoolean {
  /// `true` or `false`, or nil for all other text.
  static func value(of text: String) -> String? { values[text.lowercased()] }

  private static let values = [
    "yes": "true", "on": "true", "y": "true", "true": "true",
    "no": "false", "off": "false", "n": "false", "false": "false",
  ]
}
