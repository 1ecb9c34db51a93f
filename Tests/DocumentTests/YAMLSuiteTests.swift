import Diagnostics
import Document
import Foundation
import Testing

/// Public YAML cases: the YAML test suite of 2022-01-17 (MIT, the licence is next to it), and edge
/// cases for readers of configuration files.
///
/// Specs use a part of YAML: each case gives the expected tree, or a diagnostic where it uses more.
@Suite struct YAMLSuiteTests {
  /// How many cases are read, and how many refused: a change that reads less shows here.
  @Test(arguments: [
    ("yaml-test-suite", Counts(read: 116, refused: 171)),
    ("yaml-edge", Counts(read: 26, refused: 44)),
  ])
  func everyCaseGivesTheExpectedTreeOrADiagnostic(_ name: String, _ expected: Counts) throws {
    var counts = Counts(read: 0, refused: 0)
    for suiteCase in try cases(name) {
      let file = SourceFile(path: "in.yaml", bytes: suiteCase.bytes)
      let (node, diagnostics) = YAMLDocument.parse(file)
      let place = Comment(rawValue: "\(name)/\(suiteCase.name): \(suiteCase.title)")
      for diagnostic in diagnostics {
        #expect(!TextRenderer().render(diagnostic).isEmpty, place)
      }
      guard let node, !diagnostics.hasErrors else {
        #expect(diagnostics.hasErrors, place)
        counts.refused += 1
        continue
      }
      counts.read += 1
      if readDifferently[suiteCase.name] != nil { continue }
      switch suiteCase.verdict {
      case .read: #expect(suiteCase.json?.describes(node) ?? false, place)
      case .refused: Issue.record("this should be refused: \(place)")
      case .either: break
      }
    }
    print("\(name): \(counts.read) cases read as expected, \(counts.refused) refused")
    #expect(counts == expected)
  }

  struct Counts: Equatable {
    var read: Int
    var refused: Int
  }

  private struct Case: Decodable {
    let name: String
    let title: String
    let yaml: String?
    /// Of bytes that are not UTF-8.
    let base64: String?
    let verdict: Verdict
    let json: ExpectedValue?

    enum Verdict: String, Decodable {
      case read, refused
      /// Readers may differ, but must not crash.
      case either
    }

    var bytes: [UInt8] {
      yaml.map { Array($0.utf8) } ?? base64.flatMap { Data(base64Encoded: $0) }.map(Array.init)
        ?? []
    }
  }

  private func cases(_ name: String) throws -> [Case] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/YAML")
    let data = try Data(contentsOf: folder.appendingPathComponent("\(name).json"))
    return try JSONDecoder().decode([Case].self, from: data)
  }
}

/// Where libyaml reads what YAML forbids, or reads something else.
///
/// Both are about spaces at the end of a text after `|` or `>`: its events do not say how it was
/// indented, and no option of a spec takes such a text for more than a word.
private let readDifferently = [
  "S98Z": "a space line that is longer than the indentation of a block",
  "L24T/01": "a block whose last line has spaces only, and no line break",
]

/// What a case says that a reader should find.
private indirect enum ExpectedValue: Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([ExpectedValue])
  case map([String: ExpectedValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([ExpectedValue].self) {
      self = .list(value)
    } else {
      self = .map(try container.decode([String: ExpectedValue].self))
    }
  }

  /// Whether `node` is this value; a scalar is text until its place gives it a type, so a number is
  /// compared by what its text says.
  func describes(_ node: Node) -> Bool {
    switch (self, node) {
    case (.null, .scalar(let scalar)):
      !scalar.isQuoted && ["", "~", "null", "Null", "NULL"].contains(scalar.text)
    case (.boolean(let value), .scalar(let scalar)):
      !scalar.isQuoted && scalar.text.lowercased() == "\(value)"
    case (.number(let value), .scalar(let scalar)):
      !scalar.isQuoted && number(scalar.text) == value
    case (.text(let value), .scalar(let scalar)): scalar.text == value
    case (.list(let values), .sequence(let list)):
      values.count == list.items.count && zip(values, list.items).allSatisfy { $0.describes($1) }
    case (.map(let values), .mapping(let map)):
      values.count == map.entries.count
        && map.entries.allSatisfy { values[$0.key.text]?.describes($0.value) ?? false }
    case (.null, _), (.boolean, _), (.number, _), (.text, _), (.list, _), (.map, _): false
    }
  }

  private func number(_ text: String) -> Double? {
    if text.hasPrefix("0o") { return Int(text.dropFirst(2), radix: 8).map(Double.init) }
    if text.hasPrefix("0x") { return Int(text.dropFirst(2), radix: 16).map(Double.init) }
    return Double(text)
  }
}
