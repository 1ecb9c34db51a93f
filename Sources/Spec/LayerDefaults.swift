import Decoding
import Diagnostics
import Document
import Layers

/// The options that a network's layers have unless they say otherwise; each kind takes those that
/// it knows.
struct LayerDefaults {
  /// The known ones.
  let mapping: Node.Mapping?

  /// Reads `defaults: {kernel: 5, stride: 2}` and reports the options that no kind has.
  init(reading network: inout OptionReader) {
    guard case .mapping(let written) = network.node("defaults") else {
      mapping = nil
      if let node = network.node("defaults"), node.kindName != "nothing" {
        network.report(
          .wrongForm(
            "`defaults` is a map of options, found \(node.words)", at: node.span,
            help: ["write `defaults: {kernel: 5, stride: 2}`"]))
      }
      return
    }
    let known = Self.knownOptions
    var entries: [String: Node.Mapping.Entry] = [:]
    for entry in written.entries {
      if known.contains(entry.key.text) {
        entries[entry.key.text] = entries[entry.key.text] ?? entry
      } else {
        network.report(.unknownDefault(entry.key, known: known))
      }
    }
    mapping = Node.Mapping(entries: known.compactMap { entries[$0] }, span: written.span)
  }

  /// The options of all kinds, found by asking each to read none.
  private static let knownOptions: [String] = {
    let span = SourceSpan(
      file: SourceFile(path: "", text: ""), start: SourcePosition(line: 1, column: 1),
      end: SourcePosition(line: 1, column: 1))
    var known = ["norm", "activation"]
    for kind in LayerKind.allCases {
      var reader = OptionReader(nil, subject: kind.rawValue, span: span)
      _ = kind.type.init(reading: &reader)
      known += reader.knownKeys.filter { !known.contains($0) }
    }
    return known
  }()
}

extension Diagnostic {
  fileprivate static func unknownDefault(_ key: Node.Scalar, known: [String]) -> Diagnostic {
    Diagnostic(
      SpecCode.unknownDefault, "no layer has an option `\(key.text)`", at: key.span,
      help: [
        known.nearest(to: key.text).map { "did you mean `\($0)`?" } ?? "known: \(known.nameList)"
      ])
  }
}
