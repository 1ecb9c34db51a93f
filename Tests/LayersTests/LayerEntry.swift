import Decoding
import Diagnostics
import Document
import Layers
import Testing

extension LayerRun {
  /// The layer of one entry of a `layers:` list, and what is wrong with its options.
  static func decoded(_ yaml: String) throws -> (any Layer, [Diagnostic]) {
    let (node, problems) = YAMLDocument.parse(SourceFile(path: "layer.yaml", text: yaml))
    guard case .mapping(let mapping) = node, let entry = mapping.entries.first else {
      throw ParsingError(problems: problems)
    }
    let kind = try #require(LayerKind(rawValue: entry.key.text))
    var options = OptionReader(entry.value, subject: kind.rawValue, span: entry.key.span)
    let layer = kind.type.init(reading: &options)
    options.finish()
    return (layer, problems + options.diagnostics)
  }

  private struct ParsingError: Error {
    let problems: [Diagnostic]
  }
}
