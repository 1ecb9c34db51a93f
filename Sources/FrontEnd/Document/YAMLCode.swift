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
        "The text breaks a rule of YAML; text that begins with one of its signs needs quotes.",
        example: "name: @home\n")
    case .brackets:
      CodeEntry(
        "a [ ] list or { } map that does not go on or end",
        "Items are separated by commas, and every bracket is closed.",
        example: "size: [64, 64\n")
    case .quotes:
      CodeEntry(
        "a quoted text without its end", "The closing quote is missing.",
        example: "name: \"faces\n")
    case .indentation:
      CodeEntry(
        "a line that fits nowhere",
        "Entries of one map, and items of one list, start in the same column; what belongs to an "
          + "entry is indented further.",
        example: "image:\n    size: 64\n  channels: 3\n")
    case .colon:
      CodeEntry(
        "a colon that is missing or too many",
        "An entry of a map is a key, a colon, a blank and a value; text with a colon and a blank "
          + "in it needs quotes.",
        example: "name: faces: small\n")
    case .escape:
      CodeEntry(
        "an unknown escape in double quotes",
        "A backslash starts an escape there; in single quotes it is itself.",
        example: "path: \"C:\\data\"\n")
    case .splitExpression:
      CodeEntry(
        "a comma that splits an expression",
        "Inside of { } and [ ] a comma ends a value, also between parentheses: an expression with a "
          + "comma in it needs quotes there.",
        example: "image: {size: min(64, 32)}\n")
    case .touchingComment:
      CodeEntry(
        "a comment without a blank before it",
        "YAML readers disagree about whether a `#` directly behind a quote, bracket or comma begins a "
          + "comment.",
        example: "name: \"faces\"# small\n")
    case .looseSign:
      CodeEntry(
        "a sign that YAML readers take for different things",
        "A `-` alone inside of [ ], and a `?` directly before a word inside of { } or [ ], are text to "
          + "some readers and signs to others.",
        example: "size: [-, 64]\n")
    case .tab:
      CodeEntry(
        "a tab in the indentation", "YAML's indentation is made of blanks only.",
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
        "Specs have no aliases, so an anchor is of no use; share values by `let`, "
          + "options by `defaults`, whole specs by `extends`.",
        example: "image: &size {size: 64}\n")
    case .alias:
      CodeEntry(
        "an alias",
        "Share values by `let`, options by `defaults`, whole specs by `extends`. Text that begins "
          + "with `*` needs quotes.",
        example: "image: *size\n")
    case .mergeKey:
      CodeEntry(
        "a merge key", "Share options by `defaults`, whole specs by `extends`.",
        example: "<<: {size: 64}\n")
    case .tag:
      CodeEntry(
        "a tag",
        "What type a value has is decided by where it stands; text that begins with `!` needs "
          + "quotes.",
        example: "size: !!int 64\n")
    case .severalDocuments:
      CodeEntry(
        "several documents in one file", "One file is one spec.",
        example: "dcgan: 1\n---\ndcgan: 1\n")
    case .duplicateKey:
      CodeEntry(
        "a key that is given twice",
        "YAML readers disagree about which value counts, so neither does.",
        example: "size: 64\nsize: 32\n")
    case .keyIsNoName:
      CodeEntry(
        "a key that is not a name", "Keys are plain text.", example: "[height, width]: 64\n")
    case .directive:
      CodeEntry(
        "a directive",
        "Lines that begin with `%` tell a YAML reader its version and tags; specs "
          + "need neither.",
        example: "%YAML 1.2\n---\ndcgan: 1\n")
    case .empty:
      CodeEntry("an empty file", "There is nothing but blanks and comments.", example: "# later\n")
    case .tooLarge:
      CodeEntry(
        "a file that is too large", "A spec has a few thousand bytes; the limit is 1 MiB.",
        example: String(repeating: "#", count: YAMLDocument.mostBytes + 1))
    case .tooDeep:
      CodeEntry(
        "a file that is nested too deeply",
        "Maps and lists may stand \(YAMLDocument.deepestNesting) deep within each other.",
        example: String(repeating: "[", count: 100))
    case .tooManyValues:
      CodeEntry(
        "a file with too many values", "A spec has some hundreds; the limit is 100,000.",
        example: "[" + String(repeating: "1,", count: YAMLDocument.mostEvents) + "]")
    case .tooLong:
      CodeEntry(
        "a text that is too long",
        "A single key or value may have \(YAMLDocument.longestText) bytes; comments may be longer.",
        example: "name: " + String(repeating: "x", count: YAMLDocument.longestText + 1))
    }
  }
}
