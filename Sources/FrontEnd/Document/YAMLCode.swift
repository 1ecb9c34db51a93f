import Diagnostics

/// What can be wrong with a file before anyone asks what it means.
///
/// The example is a whole file.
public enum YAMLCode: String, CodeTable {
  case syntax = "Y101"
  case brackets = "Y102"
  case quotes = "Y103"
  case indentation = "Y104"
  case colon = "Y105"
  case escape = "Y106"
  case splitExpression = "Y107"
  case touchingComment = "Y108"
  case looseSign = "Y109"
  case tab = "Y110"
  case invalidUTF8 = "Y111"
  case encoding = "Y112"
  case controlCharacter = "Y113"
  case anchor = "Y120"
  case alias = "Y121"
  case mergeKey = "Y122"
  case tag = "Y123"
  case severalDocuments = "Y124"
  case duplicateKey = "Y125"
  case keyIsNoName = "Y126"
  case directive = "Y127"
  case empty = "Y130"
  case tooLarge = "Y131"
  case tooDeep = "Y132"
  case tooManyValues = "Y133"
  case tooLong = "Y134"

  public var entry: CodeEntry {
    switch self {
    case .syntax:
      CodeEntry(
        "not YAML",
        "The text breaks a rule of YAML. Quote text that starts with a character that YAML reserves.",
        example: "name: @home\n")
    case .brackets:
      CodeEntry(
        "an unfinished [ ] list or { } map",
        "Separate items with commas and close every bracket.",
        example: "size: [64, 64\n")
    case .quotes:
      CodeEntry(
        "a quoted text that is not closed", "The closing quote is missing.",
        example: "name: \"faces\n")
    case .indentation:
      CodeEntry(
        "a line with unexpected indentation",
        "Entries of one map, and items of one list, start in the same column; what belongs to an "
          + "entry is indented further.",
        example: "image:\n    size: 64\n  channels: 3\n")
    case .colon:
      CodeEntry(
        "a missing or extra colon",
        "An entry of a map is a key, a colon, a space and a value. Quote text that contains a "
          + "colon and a space.",
        example: "name: faces: small\n")
    case .escape:
      CodeEntry(
        "an unknown escape in double quotes",
        "In double quotes a backslash starts an escape; in single quotes it is an ordinary character.",
        example: "path: \"C:\\data\"\n")
    case .splitExpression:
      CodeEntry(
        "a comma inside an expression",
        "Inside { } and [ ] a comma ends a value, even between parentheses. Quote an expression that "
          + "contains a comma.",
        example: "image: {size: min(64, 32)}\n")
    case .touchingComment:
      CodeEntry(
        "a comment without a space before it",
        "YAML readers disagree about whether a `#` directly behind a quote, bracket or comma begins a "
          + "comment.",
        example: "name: \"faces\"# small\n")
    case .looseSign:
      CodeEntry(
        "a character that YAML readers interpret differently",
        "Some YAML readers take a lone `-` inside [ ], or a `?` directly before a word inside { } or "
          + "[ ], for text; others take it for syntax.",
        example: "size: [-, 64]\n")
    case .tab:
      CodeEntry(
        "a tab in the indentation", "YAML allows only spaces in indentation.",
        example: "image:\n\tsize: 64\n")
    case .invalidUTF8:
      CodeEntry(
        "bytes that are not UTF-8", "Specs are text in UTF-8.", example: "")
    case .encoding:
      CodeEntry(
        "another encoding than UTF-8",
        "Specs are text in UTF-8 without a byte order mark.", example: "\u{FEFF}dcgan: 1\n")
    case .controlCharacter:
      CodeEntry(
        "an invisible control character",
        "Control characters, Unicode's own line breaks and byte order marks are refused, because "
          + "editors and readers disagree about them.",
        example: "name: a\u{7}b\n")
    case .anchor:
      CodeEntry(
        "an anchor",
        "Specs have no aliases, so an anchor has no use. Share values with `let`, "
          + "options with `defaults`, whole specs with `extends`.",
        example: "image: &size {size: 64}\n")
    case .alias:
      CodeEntry(
        "an alias",
        "Share values with `let`, options with `defaults`, whole specs with `extends`. Quote "
          + "text that starts with `*`.",
        example: "image: *size\n")
    case .mergeKey:
      CodeEntry(
        "a merge key", "Share options with `defaults`, whole specs with `extends`.",
        example: "<<: {size: 64}\n")
    case .tag:
      CodeEntry(
        "a tag",
        "The place of a value determines its type. Quote text that starts with `!`.",
        example: "size: !!int 64\n")
    case .severalDocuments:
      CodeEntry(
        "several documents in one file", "One file is one spec.",
        example: "dcgan: 1\n---\ndcgan: 1\n")
    case .duplicateKey:
      CodeEntry(
        "a duplicate key",
        "YAML readers disagree about which value counts, so a duplicate is an error.",
        example: "size: 64\nsize: 32\n")
    case .keyIsNoName:
      CodeEntry(
        "a key that is not plain text", "Keys are plain text.", example: "[height, width]: 64\n")
    case .directive:
      CodeEntry(
        "a directive",
        "Lines that start with `%` give a YAML reader a version and tags; specs "
          + "need neither.",
        example: "%YAML 1.2\n---\ndcgan: 1\n")
    case .empty:
      CodeEntry(
        "an empty file", "The file contains only spaces and comments.", example: "# later\n")
    case .tooLarge:
      CodeEntry(
        "a file that is too large", "A spec has a few thousand bytes; the limit is 1 MiB.",
        example: String(repeating: "#", count: YAMLDocument.mostBytes + 1))
    case .tooDeep:
      CodeEntry(
        "a file with too much nesting",
        "Maps and lists can be nested \(YAMLDocument.deepestNesting) deep.",
        example: String(repeating: "[", count: 100))
    case .tooManyValues:
      CodeEntry(
        "a file with too many values", "A spec has a few hundred; the limit is 100,000.",
        example: "[" + String(repeating: "1,", count: YAMLDocument.mostEvents) + "]")
    case .tooLong:
      CodeEntry(
        "a text that is too long",
        "A key or value can have \(YAMLDocument.longestText) bytes; comments can be longer.",
        example: "name: " + String(repeating: "x", count: YAMLDocument.longestText + 1))
    }
  }
}
